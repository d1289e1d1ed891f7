NEURON {
    SUFFIX example
    USEION k READ ek WRITE ik
}
PARAMETER { ek = -80 (mV) }
ASSIGNED { v (mV) ik (mA/cm2) }
BREAKPOINT {
    ik = 0.001*(v - ek)
}
