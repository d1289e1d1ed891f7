TITLE Slow calcium channel

COMMENT
The slow, persistent calcium current of the half-centre oscillator of the BMTK
tutorial, ica = gbar ja^3 k (v - eca). The kinetics are those of the tutorial's
model and do not depend on temperature.
ENDCOMMENT

NEURON {
    SUFFIX cas
    USEION ca READ eca WRITE ica
    RANGE gbar, g, ica, jainf, jatau, kinf, ktau
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
    eca (mV)
    ica (mA/cm2)
    g (S/cm2)
    jainf
    jatau (ms)
    kinf
    ktau (ms)
}

STATE {
    ja   : activation
    k   : inactivation
}

INITIAL {
    rates(v)
    ja = jainf
    k = kinf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * ja * ja * ja * k
    ica = g * (v - eca)
}

DERIVATIVE gates {
    rates(v)
    ja' = (jainf - ja) / jatau
    k' = (kinf - k) / ktau
}

PROCEDURE rates(u (mV)) {
UNITSOFF
    jainf = 1 / (1 + exp(-(u + 33) / 8.1))
    jatau = 2.8 + 14 / (exp((u + 27) / 10) + exp(-(u + 70) / 13))
    kinf = 1 / (1 + exp((u + 60) / 6.2))
    ktau = 120 + 300 / (exp((u + 55) / 9) + exp(-(u + 65) / 16))
UNITSON
}
