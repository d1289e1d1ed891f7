TITLE Transient calcium channel

COMMENT
The transient calcium current of the half-centre oscillator of the BMTK
tutorial, ica = gbar u^3 z (v - eca). The kinetics are those of the tutorial's
model and do not depend on temperature.
ENDCOMMENT

NEURON {
    SUFFIX cat
    USEION ca READ eca WRITE ica
    RANGE gbar, g, ica, uinf, utau, zinf, ztau
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
    uinf
    utau (ms)
    zinf
    ztau (ms)
}

STATE {
    u   : activation
    z   : inactivation
}

INITIAL {
    rates(v)
    u = uinf
    z = zinf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * u * u * u * z
    ica = g * (v - eca)
}

DERIVATIVE gates {
    rates(v)
    u' = (uinf - u) / utau
    z' = (zinf - z) / ztau
}

PROCEDURE rates(x (mV)) {
UNITSOFF
    uinf = 1 / (1 + exp(-(x + 27.1) / 7.2))
    utau = 43.4 - 42.6 / (1 + exp(-(x + 68.1) / 20.5))
    zinf = 1 / (1 + exp((x + 32.1) / 5.5))
    ztau = 210 - 179.6 / (1 + exp(-(x + 55) / 16.9))
UNITSON
}
