NEURON {
    POINT_PROCESS Example
    POINTER other
}
