TITLE Channel whose rates are tabulated

NEURON {
    SUFFIX tabled
    USEION k READ ek WRITE ik
    RANGE gbar
    GLOBAL ninf, ntau
}

PARAMETER {
    gbar = 2e-3 (S/cm2)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    ninf
    ntau (ms)
}

STATE {
    n
}

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ik = gbar * n ^ 4 * (v - ek)
}

DERIVATIVE gate {
    rates(v)
    n' = (ninf - n) / ntau
}

PROCEDURE rates(u (mV)) {
    TABLE ninf, ntau DEPEND celsius FROM -100 TO 50 WITH 75
    ninf = 1 / (1 + exp(-(u + 30) / 9))
    ntau = (1 + 8 / (1 + exp((u + 40) / 12))) / 3 ^ ((celsius - 6.3) / 10)
}
