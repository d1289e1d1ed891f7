NEURON {
    SUFFIX example
}
WHITE_NOISE { zeta }
