NEURON {
    SUFFIX example
}
INCLUDE "rates.inc"
