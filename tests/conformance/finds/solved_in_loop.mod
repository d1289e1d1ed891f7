TITLE A scheme that is solved in each round of a loop: its solution is written out each time

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a
}

STATE {
    s[20]
}

INITIAL {
    FROM k = 1 TO 1000 {
        s[0] = k
        SOLVE chain STEADYSTATE sparse
    }
}

BREAKPOINT {
    SOLVE chain METHOD sparse
    i = s[0]*v
}

KINETIC chain {
    FROM j = 0 TO 18 {
        ~ s[j] <-> s[j+1] (a, s[j])
    }
}
