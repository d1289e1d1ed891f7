TITLE Leaky integrate-and-fire cell without a membrane

COMMENT
m' = -m / tau between events, and every event adds its weight to m. When m is above 1 the cell fires;
for refrac ms it then takes no input, with m shown as 2, and starts again from m = 0.
Names and default values are those documented for NEURON's built-in `IntFire1`.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL IntFire1
    RANGE tau, refrac, m
    THREADSAFE
}

PARAMETER {
    tau = 10 (ms) <1e-9, 1e9>
    refrac = 5 (ms) <0, 1e9>
}

ASSIGNED {
    m
    last (ms)
    resting
}

INITIAL {
    m = 0
    last = t
    resting = 0
}

NET_RECEIVE(weight) {
    if (resting) {
        if (flag == 1) {
            resting = 0
            m = 0
            last = t
        }
    } else {
        m = m * exp(-(t - last) / tau) + weight
        last = t
        if (m > 1) {
            resting = 1
            m = 2
            net_event(t)
            net_send(refrac, 1)
        }
    }
}
