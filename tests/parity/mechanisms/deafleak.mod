TITLE A leak at a point that carries an ion nobody else has, and hears no events

NEURON {
    POINT_PROCESS DeafLeak
    USEION cl READ ecl WRITE icl VALENCE -1
    RANGE g
}

PARAMETER { g = 0.001 (uS) }

ASSIGNED {
    v (mV)
    ecl (mV)
    icl (nA)
}

BREAKPOINT { icl = g * (v - ecl) }

NET_RECEIVE(weight) { }
