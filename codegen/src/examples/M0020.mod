NEURON {
    POINT_PROCESS Example
}
ASSIGNED { v (mV) }
NET_RECEIVE(weight) {
    WATCH (v) 2
}
