TITLE The closing brace of an `if` is forgotten
NEURON {
    SUFFIX leaky
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    if (v > -50) {
        i = g*(v + 65)
    else {
        i = 0
    }
}
FUNCTION twice(x) {
    twice = 2*x
}
