TITLE A variable is misspelt in an expression
NEURON {
    SUFFIX kslow
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
}
BREAKPOINT {
    ik = gbarr*(v - ek)
}
