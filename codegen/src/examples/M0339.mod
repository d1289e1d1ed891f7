NEURON {
    POINT_PROCESS Example
    NONSPECIFIC_CURRENT i
    POINTER other
}
ASSIGNED { v (mV) other (mV) i (nA) }
BREAKPOINT {
    i = 0.001*(v - other)
}
