TITLE A state by euler, with a rate that depends on time

NEURON {
    SUFFIX explicit
    NONSPECIFIC_CURRENT i
    RANGE g, e
}

PARAMETER {
    g = 2e-4 (S/cm2)
    e = -90 (mV)
    tau = 15 (ms)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE {
    p
}

INITIAL {
    p = 0.1
}

BREAKPOINT {
    SOLVE one METHOD euler
    i = g * p * (v - e)
}

DERIVATIVE one {
    p' = ((1 + sin(0.3 * t)) / (1 + exp(-(v + 60) / 8)) - p) / tau
}
