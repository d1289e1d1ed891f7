TITLE Upper and lower case are mixed
NEURON {
    SUFFIX cases
    USEION ca READ eca WRITE ica
    RANGE gCa
}
PARAMETER { gCa = 0.001 (S/cm2) }
ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
}
BREAKPOINT {
    ica = gca*(v - eca)
}
