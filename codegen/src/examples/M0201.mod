NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = gbarr*(v + 65)
}
