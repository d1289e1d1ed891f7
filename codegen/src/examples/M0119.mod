NEURON {
    SUFFIX example
}
ASSIGNED { v y }
AFTER STEP {
    y = v
}
