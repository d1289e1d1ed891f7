NEURON {
    POINT_PROCESS Example
    RANGE y
}
ASSIGNED { y }
INITIAL {
    y = nrn_random_arg(1)
}
