TITLE A variable is named like a function of the language
NEURON {
    SUFFIX named
    NONSPECIFIC_CURRENT i
}
PARAMETER { exp = 2 }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = 0.001*exp*(v + 65)
}
