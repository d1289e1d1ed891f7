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
STATE { m (mM) h (mM) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = m
}
KINETIC scheme {
    COMPARTMENT 1 (um) { m }
    COMPARTMENT 1 (um2) { h }
    ~ m <-> h (1, 2)
}
