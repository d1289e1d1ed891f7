TITLE Procedures that call each other in a circle
NEURON {
    SUFFIX circle
    NONSPECIFIC_CURRENT i
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    g (S/cm2)
}
BREAKPOINT {
    rates(v)
    i = g*(v + 65)
}
PROCEDURE rates(x (mV)) {
    update(x)
}
PROCEDURE update(x (mV)) {
    g = 0.001
    rates(x)
}
