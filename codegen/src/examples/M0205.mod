NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { g }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g
}
DERIVATIVE states {
    g' = -g
}
