TITLE Synapse that switches itself off by a self event

NEURON {
    POINT_PROCESS Pulser
    NONSPECIFIC_CURRENT i
    RANGE g, e, width
}

PARAMETER {
    width = 1.7 (ms)
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
}

INITIAL {
    g = 0
}

BREAKPOINT {
    i = g * (v - e)
}

NET_RECEIVE(weight (uS)) {
    if (flag == 0) {
        g = g + weight
        net_send(width, 2)
    } else if (flag == 2) {
        g = g - weight
    }
}
