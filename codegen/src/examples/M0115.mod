NEURON {
    SUFFIX example
    EXTERNAL total_other
}
ASSIGNED { v (mV) }
BREAKPOINT {
    total_other = v
}
