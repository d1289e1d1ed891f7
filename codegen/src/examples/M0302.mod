NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
LOCAL q10
INITIAL {
    q10 = v
}
BREAKPOINT {
    i = q10
}
