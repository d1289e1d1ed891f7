NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { s = 1 (mV-1) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0.001*(v + 65)
}
