TITLE Many equations, each with all states

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

STATE {
    s[150]
}

BREAKPOINT {
    SOLVE d METHOD derivimplicit
    i = s[0]*v
}

DERIVATIVE d {
    a = 0
    FROM j = 0 TO 149 {
        a = a + s[j]*s[j]
    }
    FROM j = 0 TO 149 {
        s'[j] = -a*s[j]
    }
}
