NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 1 }
ASSIGNED { g }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0.001*(v + 65)
}
