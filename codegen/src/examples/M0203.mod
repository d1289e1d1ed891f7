NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = rate(v, 1)
}
FUNCTION rate(x (mV)) {
    rate = 0.001*x
}
