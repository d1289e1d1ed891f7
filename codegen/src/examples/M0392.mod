NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { g }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = rates(v)
}
PROCEDURE rates(x (mV)) {
    g = x
}
