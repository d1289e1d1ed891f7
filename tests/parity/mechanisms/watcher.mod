TITLE Conductance that opens while the potential is high

NEURON {
    POINT_PROCESS Watcher
    NONSPECIFIC_CURRENT i
    RANGE e, high, low, gmax, g, ups
}

PARAMETER {
    e = -80 (mV)
    high = -62 (mV)
    low = -63.5 (mV)
    gmax = 0.001 (uS)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    ups
}

INITIAL {
    g = 0
    ups = 0
    net_send(0, 1)
}

BREAKPOINT {
    i = g * (v - e)
}

NET_RECEIVE(weight (uS)) {
    if (flag == 0) {
        gmax = gmax + weight
    } else if (flag == 1) {
        WATCH (v > high) 2
    } else if (flag == 2) {
        ups = ups + 1
        g = gmax
        WATCH (v < low) 3
        net_send(1.2131, 4)
    } else if (flag == 3) {
        g = 0
        WATCH (v > high) 2
    } else {
        g = 0.9 * g
    }
}
