TITLE A second mechanism that writes fooi: the last one wins

NEURON {
    SUFFIX foosource
    USEION foo READ fooi WRITE fooi VALENCE 2
    RANGE speed
}

PARAMETER {
    speed = 0.01 (mM/ms)
}

STATE {
    fooi (mM)
}

INITIAL {
    fooi = 0.4
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
}

DERIVATIVE pool {
    fooi' = speed - fooi / 30
}
