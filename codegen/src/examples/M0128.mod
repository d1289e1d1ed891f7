NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0.001*(m@1 + 65)
}
