NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE states
    i = m
}
DERIVATIVE states {
    m' = 1 - m
}
