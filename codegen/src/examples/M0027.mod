NEURON {
    SUFFIX example
}
INCLUDE "no_such_file.inc"
