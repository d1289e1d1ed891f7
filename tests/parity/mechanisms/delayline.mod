TITLE Synapse that answers late, and later if events follow each other

COMMENT
An event is answered lag ms later, with the weight of its own connection times the number of events
that the connection has brought since the last answer. Events that come meanwhile put the answer off.
For dead ms after an answer no event is taken.
ENDCOMMENT

NEURON {
    POINT_PROCESS DelayLine
    NONSPECIFIC_CURRENT i
    RANGE tau, e, lag, dead, g
}

PARAMETER {
    tau = 3 (ms)
    e = 0 (mV)
    lag = 2.013 (ms)
    dead = 11.7 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    waiting
    deaf
}

STATE {
    g (uS)
}

INITIAL {
    g = 0
    waiting = 0
    deaf = 1
    net_send(3.3, 2)
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = g * (v - e)
}

DERIVATIVE decay {
    g' = -g / tau
}

NET_RECEIVE(weight (uS), count) {
    INITIAL {
        count = 0
    }
    if (flag == 0) {
        if (!deaf) {
            count = count + 1
            if (waiting) {
                net_move(t + lag)
            } else {
                waiting = 1
                net_send(lag, 1)
            }
        }
    } else if (flag == 1) {
        g = g + weight * count
        count = 0
        waiting = 0
        deaf = 1
        net_send(dead, 2)
    } else {
        deaf = 0
    }
}
