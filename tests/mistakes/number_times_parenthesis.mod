TITLE A product of a number and a parenthesis without `*`
NEURON {
    SUFFIX product
    NONSPECIFIC_CURRENT i
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = 0.001(v + 65)
}
