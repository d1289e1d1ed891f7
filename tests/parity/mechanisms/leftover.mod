TITLE What a table leaves behind, more digits than a PARAMETER keeps, and an exponential beyond all bounds

NEURON {
    SUFFIX leftover
    USEION k READ ek WRITE ik
    RANGE gbar, gate, steep, tau
    GLOBAL warmth
}

PARAMETER {
    gbar = 0.00012345678 (S/cm2)
    half = -47.1234567 (mV)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    celsius (degC)
    gate
    steep
    tau (ms)
    warmth
    share
}

STATE { n }

INITIAL {
    rates(v)
    n = gate
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    steep = 1 / (1 + exp((v - half) / 0.01)) + exp(-(v - half) / 0.01) * exp((v - half) / 0.01)
    ik = gbar * warmth * n * steep * (v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (gate - n) * warmth / 5
}

PROCEDURE rates(u (mV)) {
    TABLE gate DEPEND celsius, half FROM -100 TO 60 WITH 160
    shape(u)
    tau = 1 + u / 100
}

PROCEDURE shape(u (mV)) {
    warmth = 2.3 ^ ((celsius - 23) / 10)
    share = (u - half) / 7
    gate = 1 / (1 + exp(-share))
}
