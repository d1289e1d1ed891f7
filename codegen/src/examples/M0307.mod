NEURON {
    SUFFIX example
    RANGE gbar
}
