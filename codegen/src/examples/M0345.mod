NEURON {
    ARTIFICIAL_CELL Example
    RANGE y
}
ASSIGNED { y }
BREAKPOINT {
    y = 1
}
