NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m h }
ASSIGNED { v (mV) i (mA/cm2) }
INITIAL {
    SOLVE equations
}
BREAKPOINT {
    i = m
}
LINEAR equations {
    ~ m + h = 1
}
