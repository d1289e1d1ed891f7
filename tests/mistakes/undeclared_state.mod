TITLE A state has an equation but is not in the STATE block
NEURON {
    SUFFIX gate
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 0.001 (S/cm2) tau = 5 (ms) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
STATE { m }
INITIAL {
    m = 0
    h = 1
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g*m*h*(v + 65)
}
DERIVATIVE states {
    m' = (1 - m)/tau
    h' = -h/tau
}
