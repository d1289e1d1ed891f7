TITLE Loops, branches, functions and constants

NEURON {
    SUFFIX language
    NONSPECIFIC_CURRENT i
    RANGE g, e, total
}

DEFINE N 4

CONSTANT {
    half = 0.5
}

PARAMETER {
    g = 1e-4 (S/cm2)
    e = -70 (mV)
}

ASSIGNED {
    v (mV)
    diam (um)
    area (um2)
    i (mA/cm2)
    total
}

STATE {
    s
}

INITIAL {
    s = half
}

BREAKPOINT {
    SOLVE relax METHOD cnexp
    total = 0
    FROM k = 0 TO N - 1 {
        total = total + shape(v + 5 * k) / (1 + k)
    }
    i = g * s * total * (v - e) * (1 + diam / 1000) * (1 + area / 1e6)
}

DERIVATIVE relax {
    LOCAL target, n
    n = 0
    target = 1
    while (n < 3) {
        target = target * 0.8 + 0.01 * n
        n = n + 1
    }
    if (v > -30 && v < 0) {
        target = target * 2
    } else if (v >= 0 || v < -100) {
        target = 0
    }
    s' = (target - s) / 12
}

FUNCTION shape(u (mV)) {
    LOCAL x
    x = u / 40
    if (x < -2) {
        shape = 0.1
    } else {
        shape = 0.1 + (x + 2) ^ 2 / (1 + (x + 2) ^ 2) + 0.01 * log(1 + x * x) + 0.01 * sqrt(fabs(x))
    }
}
