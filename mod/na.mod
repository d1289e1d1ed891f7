TITLE Fast sodium channel

COMMENT
The sodium current of the half-centre oscillator of the BMTK tutorial, ina =
gbar m^3 h (v - ena). The kinetics are those of the tutorial's model and do not
depend on temperature.
ENDCOMMENT

NEURON {
    SUFFIX na
    USEION na READ ena WRITE ina
    RANGE gbar, g, ina, minf, mtau, hinf, htau
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
    ena (mV)
    ina (mA/cm2)
    g (S/cm2)
    minf
    mtau (ms)
    hinf
    htau (ms)
}

STATE {
    m   : activation
    h   : inactivation
}

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    g = gbar * m * m * m * h
    ina = g * (v - ena)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

PROCEDURE rates(u (mV)) {
UNITSOFF
    minf = 1 / (1 + exp(-(u + 25.5) / 5.29))
    mtau = 2.64 - 2.52 / (1 + exp(-(u + 120) / 25))
    hinf = 1 / (1 + exp((u + 48.9) / 5.18))
    htau = (1.34 / (1 + exp(-(u + 62.9) / 10))) * (1.5 + 1 / (1 + exp((u + 34.9) / 3.6)))
UNITSON
}
