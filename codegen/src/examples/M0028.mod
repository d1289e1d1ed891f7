NEURON {
    SUFFIX example
}
INCLUDE "M0028.mod"
