NEURON {
    SUFFIX example
    USEION k
}
