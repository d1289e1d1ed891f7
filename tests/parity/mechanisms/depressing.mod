TITLE Synapse with per-connection state: short-term depression

NEURON {
    POINT_PROCESS Depressing
    NONSPECIFIC_CURRENT i
    RANGE tau, e, recovery, use
}

PARAMETER {
    tau = 3 (ms)
    e = 0 (mV)
    recovery = 40 (ms)
    use = 0.4
}

ASSIGNED {
    v (mV)
    i (nA)
}

STATE {
    g (uS)
}

INITIAL {
    g = 0
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = g * (v - e)
}

DERIVATIVE decay {
    g' = -g / tau
}

NET_RECEIVE(weight (uS), resource, last (ms)) {
    INITIAL {
        resource = 1
        last = -1e9
    }
    resource = 1 - (1 - resource) * exp(-(t - last) / recovery)
    last = t
    g = g + weight * resource * use
    resource = resource * (1 - use)
}
