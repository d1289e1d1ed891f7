NEURON {
    POINT_PROCESS Example
    RANGE start
}
ASSIGNED { start (ms) }
CONSTRUCTOR {
    start = t
}
