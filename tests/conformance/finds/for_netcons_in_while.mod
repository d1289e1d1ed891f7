TITLE A loop that may be stopped, around FOR_NETCONS whose argument hides that of NET_RECEIVE

NEURON {
    POINT_PROCESS x
    RANGE a
}

ASSIGNED {
    a
}

NET_RECEIVE(weight, y) {
    INITIAL {
        while (y < 3) {
            FOR_NETCONS(w, y) {
                y = y + 1
            }
        }
    }
    FOR_NETCONS(w, z) {
        while (z < a) {
            z = z + w
        }
    }
    while (a < 3) {
        FOR_NETCONS(w, y) {
            while (y > 0) {
                y = y - weight
            }
        }
        a = a + 1
    }
}
