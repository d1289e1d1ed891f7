NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { ca[4] }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = ca[0]
}
DERIVATIVE states {
    ca[v]' = 1
}
