NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
CONSTANT { k = 1 }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    k = 2
    i = k
}
