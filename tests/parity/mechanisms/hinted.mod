TITLE Channel with a CONDUCTANCE hint on one of two currents

NEURON {
    SUFFIX hinted
    USEION na READ ena WRITE ina
    NONSPECIFIC_CURRENT i
    RANGE gbar
}

PARAMETER {
    gbar = 1e-4 (S/cm2)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    i (mA/cm2)
    g (S/cm2)
}

STATE {
    m
}

INITIAL {
    m = minf(v)
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    CONDUCTANCE g USEION na
    g = gbar * m
    ina = g * (v - ena)
    i = 1e-6 * (v + 65) * fabs(v + 65)
}

DERIVATIVE gate {
    m' = (minf(v) - m) / 2
}

FUNCTION minf(u (mV)) {
    minf = 1 / (1 + exp(-(u + 35) / 7))
}
