TITLE `=` in a condition
NEURON {
    SUFFIX cond
    NONSPECIFIC_CURRENT i
    RANGE on
}
PARAMETER { on = 1 g = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    if (on = 1) {
        i = g*(v + 65)
    } else {
        i = 0
    }
}
