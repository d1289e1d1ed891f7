TITLE RANGE of a name that is declared nowhere
NEURON {
    SUFFIX leak2
    NONSPECIFIC_CURRENT i
    RANGE gbar, e
}
PARAMETER { g = 0.001 (S/cm2) e = -65 (mV) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = g*(v - e)
}
