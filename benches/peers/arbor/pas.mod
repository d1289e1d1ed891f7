: A leak in Arbor's dialect.
NEURON {
    SUFFIX pas
    NONSPECIFIC_CURRENT i
    RANGE g
    GLOBAL e
}

PARAMETER {
    g = 0.001 (S/cm2)
    e = -65 (mV)
}

INITIAL {}

BREAKPOINT {
    i = g*(v - e)
}
