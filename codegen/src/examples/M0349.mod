NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    check()
    i = 0
}
PROCEDURE check() {
VERBATIM
    if (v > 100) { hoc_execerror("too high", 0); }
ENDVERBATIM
}
