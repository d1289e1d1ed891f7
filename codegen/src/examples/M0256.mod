NEURON {
    POINT_PROCESS Example
}
NET_RECEIVE(weight, last) {
    FOR_NETCONS(w) {
        w = 0
    }
}
