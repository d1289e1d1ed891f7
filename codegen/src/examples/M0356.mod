NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = rate(v)
}
FUNCTION rate(x (mV)) {
    LOCAL y
    y = 0.001*x
}
