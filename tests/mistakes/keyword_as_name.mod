TITLE A keyword is used as the name of a variable
NEURON {
    SUFFIX keyw
    NONSPECIFIC_CURRENT i
}
PARAMETER {
    g = 0.001 (S/cm2)
    START = 10 (ms)
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = g*(v + 65)
}
