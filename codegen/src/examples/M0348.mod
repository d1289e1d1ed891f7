NEURON {
    POINT_PROCESS Example
    RANGE y
}
ASSIGNED { y }
INITIAL {
    y = scop_random()
}
