NEURON {
    SUFFIX example
    RANGE g
}
ASSIGNED { g = 0.001 (S/cm2) }
