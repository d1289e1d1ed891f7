TITLE Leak current carried by an ion of its own

COMMENT
i = gbar (v - eleak), the leak of the half-centre oscillator of the BMTK
tutorial. `leak` is a monovalent pseudo-ion, so that eleak is set per section as
the other reversal potentials are.
ENDCOMMENT

NEURON {
    SUFFIX leak
    USEION leak READ eleak WRITE ileak VALENCE 1
    RANGE gbar, ileak
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
    eleak (mV)
    ileak (mA/cm2)
}

BREAKPOINT {
    ileak = gbar * (v - eleak)
}
