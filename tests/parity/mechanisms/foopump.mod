TITLE Pool of the ion foo: its current in, a linear pump out

NEURON {
    SUFFIX foopump
    USEION foo READ ifoo, fooi WRITE fooi VALENCE 2
    RANGE tau, rest, gain
}

PARAMETER {
    tau = 20 (ms)
    rest = 0.2 (mM)
    gain = 50
}

ASSIGNED {
    ifoo (mA/cm2)
}

STATE {
    fooi (mM)
}

INITIAL {
    fooi = rest
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
}

DERIVATIVE pool {
    fooi' = -gain * ifoo + (rest - fooi) / tau
}
