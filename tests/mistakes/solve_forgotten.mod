TITLE The equations are never solved
NEURON {
    SUFFIX unsolved
    NONSPECIFIC_CURRENT i
}
PARAMETER { tau = 5 (ms) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
STATE { m }
BREAKPOINT {
    i = 0.001*m*(v + 65)
}
DERIVATIVE states {
    m' = (1 - m)/tau
}
