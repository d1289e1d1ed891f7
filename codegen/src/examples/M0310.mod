NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0.001*(v + 65)
}
PROCEDURE seed() {
VERBATIM
    system("ls");
ENDVERBATIM
}
