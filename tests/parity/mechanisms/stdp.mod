TITLE Synapse whose weights depend on the times of its inputs and of the target's spikes

COMMENT
Each connection keeps the time of its last event and its own factor. When the target's potential passes
the threshold, the factors of all connections grow, the more the shorter ago their events were; an event
after a spike lets the factor of its own connection shrink.
ENDCOMMENT

NEURON {
    POINT_PROCESS Stdp
    NONSPECIFIC_CURRENT i
    RANGE tau, e, vth, gain, loss, window, g
}

PARAMETER {
    tau = 2 (ms)
    e = 0 (mV)
    vth = -20 (mV)
    gain = 0.3
    loss = 0.2
    window = 15 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    spike (ms)
}

STATE {
    g (uS)
}

INITIAL {
    g = 0
    spike = -1e9
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = g * (v - e)
}

DERIVATIVE decay {
    g' = -g / tau
}

NET_RECEIVE(weight (uS), factor, last (ms)) {
    INITIAL {
        factor = 1
        last = -1e9
    }
    if (flag == 0) {
        factor = factor * (1 - loss * exp((spike - t) / window))
        last = t
        g = g + weight * factor
    } else if (flag == 2) {
        spike = t
        FOR_NETCONS(w, f, before) {
            f = f * (1 + gain * exp((before - t) / window))
            w = 1.01 * w
        }
    } else {
        WATCH (v > vth) 2
    }
}
