NEURON {
    RANGE g
}
PARAMETER { g = 1 }
