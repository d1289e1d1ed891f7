TITLE A variable of another ion than the one declared
NEURON {
    SUFFIX kv
    USEION k READ ena WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    ena (mV)
    ik (mA/cm2)
}
BREAKPOINT {
    ik = gbar*(v - ena)
}
