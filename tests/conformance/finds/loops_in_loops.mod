TITLE Loops in loops: what is needed after a round is not found out anew for each loop around

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a
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
    LOCAL p, q
    p = 0
    q = 0
    while (m > 0*a) {
        p = q + 0*b
        q = p*m
        while (m > 1*a) {
            p = q + 1*b
            q = p*m
            while (m > 2*a) {
                p = q + 2*b
                q = p*m
                while (m > 3*a) {
                    p = q + 3*b
                    q = p*m
                    while (m > 4*a) {
                        p = q + 4*b
                        q = p*m
                        while (m > 5*a) {
                            p = q + 5*b
                            q = p*m
                            while (m > 6*a) {
                                p = q + 6*b
                                q = p*m
                                while (m > 7*a) {
                                    p = q + 7*b
                                    q = p*m
                                    while (m > 8*a) {
                                        p = q + 8*b
                                        q = p*m
                                        while (m > 9*a) {
                                            p = q + 9*b
                                            q = p*m
                                            while (m > 10*a) {
                                                p = q + 10*b
                                                q = p*m
                                                while (m > 11*a) {
                                                    p = q + 11*b
                                                    q = p*m
                                                    while (m > 12*a) {
                                                        p = q + 12*b
                                                        q = p*m
                                                        while (m > 13*a) {
                                                            p = q + 13*b
                                                            q = p*m
                                                            while (m > 14*a) {
                                                                p = q + 14*b
                                                                q = p*m
                                                                while (m > 15*a) {
                                                                    p = q + 15*b
                                                                    q = p*m
                                                                }
                                                            }
                                                        }
                                                    }
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    m' = q - m
}
