TITLE Current of an ion declared here, reading its reversal potential and concentration

NEURON {
    SUFFIX foochan
    USEION foo READ efoo, fooi WRITE ifoo VALENCE 2
    RANGE g, half
}

PARAMETER {
    g = 2e-4 (S/cm2)
    half = 0.5 (mM)
}

ASSIGNED {
    v (mV)
    efoo (mV)
    fooi (mM)
    ifoo (mA/cm2)
}

BREAKPOINT {
    ifoo = g * fooi / (fooi + half) * (v - efoo)
}
