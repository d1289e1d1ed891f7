NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
UNITS { (mV) = (millivolt) (mV) = (volt) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = 0.001*(v + 65)
}
