NEURON {
    SUFFIX example
    SUFFIX other
    RANGE g
}
PARAMETER { g = 1 }
