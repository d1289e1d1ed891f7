NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { n = 1 }
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = m
}
DERIVATIVE states {
    FROM j = 1 TO n {
        m' = -m
    }
}
