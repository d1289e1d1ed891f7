NEURON {
    SUFFIX example
}
ASSIGNED { v (volt) }
