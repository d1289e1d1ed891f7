NEURON {
    POINT_PROCESS Example
    RANGE y
}
ASSIGNED { y }
INITIAL {
    y = gauss(0, 1)
}
