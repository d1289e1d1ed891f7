TITLE Arrays of every kind with constant and run-time indices

DEFINE N 4

NEURON {
    SUFFIX indexed
    NONSPECIFIC_CURRENT i
    RANGE g, total, last, count
}

PARAMETER {
    g = 1e-4
    count = 3
    shift[N]
}

ASSIGNED { v  i  weight[N]  total  last  rest[2]  history[40]  seen }

STATE { s[N] }

INITIAL {
    FROM k = 0 TO N - 1 {
        s[k] = 0.1*k
        weight[k] = 1/(1 + k)
    }
    last = count/2
    weight[last] = weight[last] + 1
    rest[0] = 0  rest[1] = 0
    seen = 0
    FROM k = 0 TO count BY 2 { rest[k/2] = rest[k/2] + s[k] }
}

BREAKPOINT {
    LOCAL slope[N], at
    SOLVE states METHOD cnexp
    SOLVE remember
    FROM k = 0 TO count - 1 { slope[k] = weight[k]*exp(v/40) + shift[k] }
    total = 0
    at = 0
    while (at < 2.9) {
        total = total + slope[at] + s[at]
        at = at + 0.7
    }
    i = g*total*(v + 70 + rest[1] + 1e-3*history[seen])
}

PROCEDURE remember() {
    history[seen] = v
    seen = seen + 1
    if (seen == 40) { seen = 0 }
}

DERIVATIVE states {
    FROM k = 0 TO N - 1 { s'[k] = (weight[k] - s[k])/(k + 1) }
}
