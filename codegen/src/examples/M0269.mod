NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = m
}
KINETIC scheme {
    LONGITUDINAL_DIFFUSION 0.2 { m }
    ~ m << (1)
}
