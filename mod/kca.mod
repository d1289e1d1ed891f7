TITLE Calcium-activated potassium channel

COMMENT
The calcium-activated potassium current of the half-centre oscillator of the
BMTK tutorial, ik = gbar c^4 (v - ek). At a depolarised membrane c is half open
at cai = 3 uM. The kinetics are those of the tutorial's model and do not depend
on temperature.
ENDCOMMENT

NEURON {
    SUFFIX kca
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar, g, ik, cinf, ctau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    g (S/cm2)
    cinf
    ctau (ms)
}

STATE {
    c   : activation
}

INITIAL {
    rates(v, cai)
    c = cinf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * c * c * c * c
    ik = g * (v - ek)
}

DERIVATIVE gates {
    rates(v, cai)
    c' = (cinf - c) / ctau
}

PROCEDURE rates(u (mV), ca (mM)) {
UNITSOFF
    cinf = (ca / (ca + 0.003)) * (1 / (1 + exp(-(u + 28.3) / 12.6)))
    ctau = 180.6 - 150.2 / (1 + exp(-(u + 46) / 22.7))
UNITSON
}
