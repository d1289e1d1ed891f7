TITLE Hyperpolarisation-activated channel

COMMENT
The inward current of the half-centre oscillator of the BMTK tutorial that
opens on hyperpolarisation, ih = gbar hm (v - eh). `h` is a monovalent pseudo-
ion, so that eh is set per section as the other reversal potentials are. The
kinetics are those of the tutorial's model and do not depend on temperature.
ENDCOMMENT

NEURON {
    SUFFIX hyper
    USEION h READ eh WRITE ih VALENCE 1
    RANGE gbar, g, ih, hminf, hmtau
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
    eh (mV)
    ih (mA/cm2)
    g (S/cm2)
    hminf
    hmtau (ms)
}

STATE {
    hm   : activation
}

INITIAL {
    rates(v)
    hm = hminf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * hm
    ih = g * (v - eh)
}

DERIVATIVE gates {
    rates(v)
    hm' = (hminf - hm) / hmtau
}

PROCEDURE rates(u (mV)) {
UNITSOFF
    hminf = 1 / (1 + exp((u + 75) / 5.5))
    hmtau = 2 / (exp(-(u + 169.7) / 11.6) + exp((u - 26.7) / 14.3))
UNITSON
}
