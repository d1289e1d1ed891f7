NEURON {
    SUFFIX example
}
NET_RECEIVE(weight) {
}
