TITLE SOLVE names a block that does not exist
NEURON {
    SUFFIX solver
    NONSPECIFIC_CURRENT i
}
PARAMETER { tau = 5 (ms) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
STATE { m }
BREAKPOINT {
    SOLVE state METHOD cnexp
    i = 0.001*m*(v + 65)
}
DERIVATIVE states {
    m' = (1 - m)/tau
}
