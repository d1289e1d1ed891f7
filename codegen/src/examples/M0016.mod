NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 1e999 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0.001*(v + 65)
}
