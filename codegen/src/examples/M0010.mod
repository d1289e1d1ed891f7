COMMENT
A leak without an end.
NEURON {
    SUFFIX example
}
