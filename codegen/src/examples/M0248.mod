NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { s[100] }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = s[0]
}
KINETIC scheme {
    FROM j = 0 TO 99 {
        FROM k = 0 TO 99 {
            ~ s[j] <-> s[k] (1, 1)
        }
    }
}
