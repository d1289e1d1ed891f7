NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
}
PARAMETER { g = 0.001 (microsiemens/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = g*v
}
