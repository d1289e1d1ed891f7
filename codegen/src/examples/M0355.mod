NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = rate(v)
}
FUNCTION_TABLE rate(x (mV))
