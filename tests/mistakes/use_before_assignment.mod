TITLE A LOCAL variable is used before it has a value
NEURON {
    SUFFIX early
    NONSPECIFIC_CURRENT i
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    LOCAL g
    i = g*(v + 65)
    g = gbar*2
}
