TITLE A product of many factors: its derivative has the square of their count, and nests as deep

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
    m
    h
}

BREAKPOINT {
    SOLVE d METHOD derivimplicit
    i = a*v
}

DERIVATIVE d {
    m' = (h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)*(h/m)
    h' = m - h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*(a + h*m)))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
}
