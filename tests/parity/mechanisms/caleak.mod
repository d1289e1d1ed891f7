TITLE Point process that carries an ion

NEURON {
    POINT_PROCESS CaLeak
    USEION ca READ eca WRITE ica
    RANGE g
}

PARAMETER {
    g = 1e-4 (uS)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (nA)
}

BREAKPOINT {
    ica = g * (v - eca)
}

NET_RECEIVE(weight (uS)) {
    g = g + weight
}
