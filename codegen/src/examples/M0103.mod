NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
STATE { m }
ASSIGNED { v (mV) i (mA/cm2) }
INITIAL {
    SOLVE equations
}
NONLINEAR equations {
    ~ m*m = 2
}
