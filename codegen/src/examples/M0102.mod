NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
INITIAL {
    SOLVE equations
}
LINEAR equations {
    ~ 2*m = 1
}
