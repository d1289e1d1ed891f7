TITLE Array variables

NEURON {
    SUFFIX arrays
    NONSPECIFIC_CURRENT i
    RANGE g, e
}

DEFINE N 4

PARAMETER {
    g = 1e-4 (S/cm2)
    e = -70 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    weights[N]
}

INITIAL {
    FROM k = 0 TO N - 1 {
        weights[k] = 1 / (1 + k)
    }
}

BREAKPOINT {
    LOCAL total
    total = 0
    FROM k = 0 TO N - 1 {
        total = total + weights[k] / (1 + exp(-(v + 10 * k) / 9))
    }
    i = g * total * (v - e)
}
