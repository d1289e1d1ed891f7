TITLE Coupled nonlinear equations by derivimplicit

NEURON {
    SUFFIX implicit
    NONSPECIFIC_CURRENT i
    RANGE g, e
}

PARAMETER {
    g = 2e-4 (S/cm2)
    e = -90 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE {
    p
    q
}

INITIAL {
    p = 0.1
    q = 0.2
}

BREAKPOINT {
    SOLVE both METHOD derivimplicit
    i = g * p * (v - e)
}

DERIVATIVE both {
    p' = 0.3 * p * (1 - p) - 0.2 * p * q + 0.01
    q' = 0.1 * q * (p - 0.3) * exp(v / 100)
}
