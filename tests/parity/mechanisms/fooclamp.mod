TITLE Mechanism that writes a reversal potential

NEURON {
    SUFFIX fooclamp
    USEION foo WRITE efoo VALENCE 2
    RANGE amplitude
}

PARAMETER {
    amplitude = 30 (mV)
}

ASSIGNED {
    efoo (mV)
}

INITIAL {
    efoo = amplitude
}

BREAKPOINT {
    efoo = amplitude * cos(0.1 * t)
}
