TITLE Delayed rectifier potassium channel

COMMENT
The delayed rectifier of the half-centre oscillator of the BMTK tutorial, ik =
gbar n^4 (v - ek). The kinetics are those of the tutorial's model and do not
depend on temperature.
ENDCOMMENT

NEURON {
    SUFFIX kdr
    USEION k READ ek WRITE ik
    RANGE gbar, g, ik, inf, tau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    inf
    tau (ms)
}

STATE {
    n   : activation
}

INITIAL {
    rates(v)
    n = inf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * n * n * n * n
    ik = g * (v - ek)
}

DERIVATIVE gates {
    rates(v)
    n' = (inf - n) / tau
}

PROCEDURE rates(u (mV)) {
UNITSOFF
    inf = 1 / (1 + exp(-(u + 12.3) / 11.8))
    tau = 14.4 - 12.8 / (1 + exp(-(u + 28.3) / 19.2))
UNITSON
}
