NEURON {
    POINT_PROCESS Example
    ELECTRODE_CURRENT i
    NONSPECIFIC_CURRENT leak
}
ASSIGNED { v (mV) i (nA) leak (nA) }
BREAKPOINT {
    i = 1
    leak = 0.001*(v + 65)
}
