NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { sparse = 0.001 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = sparse*(v + 65)
}
