NEURON {
    POINT_PROCESS Example
    RANGE y
}
ASSIGNED { y }
INITIAL {
    y = random_poisson(3)
}
