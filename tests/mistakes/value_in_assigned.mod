TITLE A variable of ASSIGNED with a value
NEURON {
    SUFFIX valued
    NONSPECIFIC_CURRENT i
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    g = 0.001 (S/cm2)
}
BREAKPOINT {
    i = g*(v + 65)
}
