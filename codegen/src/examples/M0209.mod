NEURON {
    SUFFIX example
    USEION ca READ ena
}
