NEURON {
    POINT_PROCESS Example
    RANGE y
}
ASSIGNED { y }
NET_RECEIVE(weight) {
    y = net_send(5, 1)
}
