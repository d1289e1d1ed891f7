TITLE Pacemaker without a membrane, which positive inputs delay and negative ones hurry

NEURON {
    ARTIFICIAL_CELL Pacer
    RANGE interval, start
}

PARAMETER {
    interval = 10 (ms)
    start = 0 (ms)
}

ASSIGNED {
    next (ms)
}

INITIAL {
    next = start
    net_send(start, 1)
}

NET_RECEIVE(weight) {
    if (flag == 1) {
        net_event(t)
        next = t + interval
        net_send(interval, 1)
    } else {
        next = next + 0.37 * weight
        if (next < t) {
            next = t
        }
        net_move(next)
    }
}
