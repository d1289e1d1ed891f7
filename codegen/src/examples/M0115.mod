NEURON {
    SUFFIX example
    EXTERNAL shared
}
