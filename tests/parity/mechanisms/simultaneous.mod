TITLE LINEAR block in INITIAL and BREAKPOINT, and a Runge-Kutta step

NEURON {
    SUFFIX simultaneous
    NONSPECIFIC_CURRENT i
    RANGE g
}

PARAMETER {
    q = 2
    g = 1e-5 (S/cm2)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
}

STATE {
    x
    w
    z
    s
}

INITIAL {
    SOLVE balance
    s = 0.5
}

BREAKPOINT {
    SOLVE balance
    SOLVE decay METHOD runge
    i = g * s * (v + 60) + 1e-6 * x
}

LINEAR balance {
    ~ w - q * z = 1
    ~ x - exp(v / 40) * w = 3 + v / 100
    ~ 2 * x + w + z = v / 50
}

DERIVATIVE decay {
    s' = -0.5 * s * (1 + s * s) + 0.1 * sin(t)
}
