TITLE A loop without end in what fills a table

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a
}

PARAMETER {
    b = 1
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a
}

BREAKPOINT {
    rates(v)
    i = a*v
}

PROCEDURE rates(x) {
    TABLE a FROM -100 TO 100 WITH 200
    a = x
    FROM j = 1 TO 200 {
        while (b > 0) {
            a = a + 1
        }
    }
}
