NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m h }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE scheme METHOD cnexp
    i = m
}
KINETIC scheme {
    ~ m <-> h (1, 2)
}
