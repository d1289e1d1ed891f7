TITLE An `if` without braces
NEURON {
    SUFFIX bare
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = 0
    if (v > -50) i = g*(v + 65)
}
