NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 0.001 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
INITIAL {
    CONDUCTANCE g
}
BREAKPOINT {
    i = 0.001*(v + 65)
}
