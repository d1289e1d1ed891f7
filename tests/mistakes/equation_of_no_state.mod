TITLE A differential equation for a variable that is no STATE
NEURON {
    SUFFIX slow
    NONSPECIFIC_CURRENT i
    RANGE g
}
PARAMETER { tau = 5 (ms) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
    g (S/cm2)
}
INITIAL {
    g = 0
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g*(v + 65)
}
DERIVATIVE states {
    g' = -g/tau
}
