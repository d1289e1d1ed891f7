TITLE A FUNCTION is called with too many arguments
NEURON {
    SUFFIX args
    NONSPECIFIC_CURRENT i
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = boltzmann(v, -40)*(v + 65)
}
FUNCTION boltzmann(x (mV)) {
    boltzmann = 1/(1 + exp(-x/5))
}
