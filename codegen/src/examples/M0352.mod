NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { g }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    rates(v)
    i = g
}
PROCEDURE rates(x (mV)) {
    TABLE g FROM -100 TO 100 WITH 200
    g = exp(x/10)*t
}
