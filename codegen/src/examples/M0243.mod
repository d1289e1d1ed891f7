NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { ca[4] (mM) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = ca[4]
}
