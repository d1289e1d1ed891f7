TITLE A conversion between units that measure different things
NEURON {
    SUFFIX pump
    USEION ca READ cai WRITE ica
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    FARADAY = (faraday) (volt)
}
ASSIGNED {
    cai (mM)
    ica (mA/cm2)
}
BREAKPOINT {
    ica = 1e-9*FARADAY*cai
}
