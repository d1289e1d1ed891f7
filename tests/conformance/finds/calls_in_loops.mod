TITLE Loops around calls of a routine with loops: written out, each call is expanded

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a, b
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a
    b
}

STATE {
    m
}

BREAKPOINT {
    SOLVE d METHOD derivimplicit
    i = a*v
}

DERIVATIVE d {
    FROM j = 1 TO 200 {
        FROM k = 1 TO 200 {
            rates(m)
        }
        rates(-m)
    }
    m' = a - m
}

PROCEDURE rates(x) {
    while (x > a) {
        if (b > x) {
            FROM j = a TO b {
                if (a > j) {
                    a = a + x
                } else {
                    b = b - a
                }
            }
        }
        while (b < a) {
            b = b + x
        }
    }
    FROM j = 1 TO 200 {
        if (a > x) {
            a = a - j*m
        }
    }
}
