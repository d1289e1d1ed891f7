NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER {
    g = 0.001 (S/cm2)
    e = -65.123456 (mV)
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g * (v - e) }
