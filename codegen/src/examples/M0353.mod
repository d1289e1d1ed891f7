NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
    RANGE scale
}
PARAMETER { scale = 1 }
ASSIGNED { v (mV) i (mA/cm2) g }
BREAKPOINT {
    rates(v)
    i = g
}
PROCEDURE rates(x (mV)) {
    TABLE g FROM -100 TO 100 WITH 200
    g = exp(x/10)*scale
}
