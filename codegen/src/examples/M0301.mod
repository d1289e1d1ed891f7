NEURON {
    SUFFIX example
    GLOBAL minf
}
ASSIGNED { v (mV) minf }
BREAKPOINT {
    minf = 1/(1 + exp(-v/5))
}
