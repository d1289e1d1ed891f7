NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 0.001 (S/cm2) }
STATE { m h }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = m
}
KINETIC scheme {
    ~ m <-> h (1, 2)
    CONSERVE g = 1
}
