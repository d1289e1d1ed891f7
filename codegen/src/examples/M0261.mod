NEURON {
    POINT_PROCESS Example
    RANDOM r
}
ASSIGNED { y }
INITIAL {
    y = r + 1
}
