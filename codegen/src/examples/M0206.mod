NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE state METHOD cnexp
    i = m
}
DERIVATIVE states {
    m' = -m
}
