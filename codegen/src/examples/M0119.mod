NEURON {
    SUFFIX example
}
ASSIGNED { v y }
BEFORE STEP {
    y = v
}
