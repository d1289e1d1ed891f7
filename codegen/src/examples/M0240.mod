NEURON {
    SUFFIX example
}
ASSIGNED { ca[0] (mM) }
