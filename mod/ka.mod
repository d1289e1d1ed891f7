TITLE A-type potassium channel

COMMENT
The transient potassium current of the half-centre oscillator of the BMTK
tutorial, ik = gbar a^3 b (v - ek). The kinetics are those of the tutorial's
model and do not depend on temperature.
ENDCOMMENT

NEURON {
    SUFFIX ka
    USEION k READ ek WRITE ik
    RANGE gbar, g, ik, ainf, atau, binf, btau
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
    ainf
    atau (ms)
    binf
    btau (ms)
}

STATE {
    a   : activation
    b   : inactivation
}

INITIAL {
    rates(v)
    a = ainf
    b = binf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * a * a * a * b
    ik = g * (v - ek)
}

DERIVATIVE gates {
    rates(v)
    a' = (ainf - a) / atau
    b' = (binf - b) / btau
}

PROCEDURE rates(u (mV)) {
UNITSOFF
    ainf = 1 / (1 + exp(-(u + 27.2) / 8.7))
    atau = 23.2 - 20.8 / (1 + exp(-(u + 32.9) / 15.2))
    binf = 1 / (1 + exp((u + 56.9) / 4.9))
    btau = 77.2 - 58.4 / (1 + exp(-(u + 38.9) / 26.5))
UNITSON
}
