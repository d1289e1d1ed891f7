TITLE A current is declared and never computed
NEURON {
    SUFFIX forgot
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
}
BREAKPOINT {
    g = gbar*(v - ek)
}
