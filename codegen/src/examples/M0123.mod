NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE states METHOD adams
    i = m
}
DERIVATIVE states {
    m' = -m
}
