TITLE Synapse with an exponential rise and an exponential decay

COMMENT
i = g (v - e), g = B - A, A' = -A / tau1, B' = -B / tau2, tau1 < tau2.
An event of weight w (uS) adds w * factor to A and to B, where factor makes the
peak of the lone response, at

    tp = tau1 tau2 / (tau2 - tau1) ln(tau2 / tau1),

equal to w. Names and default values are those documented for NEURON's built-in
`Exp2Syn`, and so are the limits kept on tau1 / tau2: an alpha function (equal
time constants) is approached, not reached.
ENDCOMMENT

NEURON {
    POINT_PROCESS Exp2Syn
    NONSPECIFIC_CURRENT i
    RANGE tau1, tau2, e, i, g
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau1 = 0.1 (ms) <1e-9, 1e9>
    tau2 = 10 (ms) <1e-9, 1e9>
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    factor
}

STATE {
    A (uS)
    B (uS)
}

INITIAL {
    LOCAL tp
    if (tau1 / tau2 > 0.9999) {
        tau1 = 0.9999 * tau2
    }
    if (tau1 / tau2 < 1e-9) {
        tau1 = 1e-9 * tau2
    }
    tp = (tau1 * tau2) / (tau2 - tau1) * log(tau2 / tau1)
    factor = 1 / (exp(-tp / tau2) - exp(-tp / tau1))
    A = 0
    B = 0
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    g = B - A
    i = g * (v - e)
}

DERIVATIVE decay {
    A' = -A / tau1
    B' = -B / tau2
}

NET_RECEIVE(weight (uS)) {
    A = A + weight * factor
    B = B + weight * factor
}
