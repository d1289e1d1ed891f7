TITLE Constant-field calcium current

NEURON {
    SUFFIX ghkchan
    USEION ca READ cai, cao WRITE ica
    RANGE p
}

UNITS {
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    p = 1e-5 (cm/s)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
}

BREAKPOINT {
    ica = p * flux(v, cai, cao)
}

FUNCTION flux(u (mV), ci (mM), co (mM)) {
    LOCAL z
    z = 0.001 * 2 * FARADAY * u / (R * (celsius + 273.15))
    flux = 0.001 * 2 * FARADAY * (ci * curve(-z) - co * curve(z))
}

FUNCTION curve(z) {
    if (fabs(z) < 1e-4) {
        curve = 1 - z / 2
    } else {
        curve = z / (exp(z) - 1)
    }
}
