NEURON {
    POINT_PROCESS example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (nA) }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = m
}
KINETIC scheme {
    COMPARTMENT 1 { m }
    LONGITUDINAL_DIFFUSION 0.2 { m }
    ~ m << (1)
}
