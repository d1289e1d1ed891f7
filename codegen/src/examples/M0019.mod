NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0
    LOCAL a
    a = 0.001
    i = a*(v + 65)
}
