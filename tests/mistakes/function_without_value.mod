TITLE A FUNCTION that never assigns its result
NEURON {
    SUFFIX empty
    NONSPECIFIC_CURRENT i
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = alpha(v)*(v + 65)
}
FUNCTION alpha(x (mV)) {
    LOCAL y
    y = exp(-x/5)
}
