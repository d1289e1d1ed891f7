TITLE Many exponentials of one variable

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a
}

BREAKPOINT {
    a = 0
    FROM j = 1 TO 1900 {
        a = a + exp(v/(j + 6))
    }
    i = a*v
}
