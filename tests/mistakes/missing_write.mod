TITLE A current is computed, but USEION does not WRITE it
NEURON {
    SUFFIX nowrite
    USEION k READ ek, ik
    RANGE gbar
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
}
BREAKPOINT {
    ik = gbar*(v - ek)
}
