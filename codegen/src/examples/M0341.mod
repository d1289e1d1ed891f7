NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
INITIAL {
    SOLVE states STEADYSTATE derivimplicit
}
BREAKPOINT {
    SOLVE states METHOD derivimplicit
    i = m
}
DERIVATIVE states {
    m' = 1 - m
}
