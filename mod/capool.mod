TITLE Submembrane calcium pool

COMMENT
Calcium in a shell of thickness w below the membrane: it enters with the
calcium current and relaxes to cainf,

    cai' = -fca ica / (z F w) + (cainf - cai) / tauca,

where 1e-4 turns um into cm and leaves mM/ms. This is the pool of the
half-centre oscillator of the BMTK tutorial, with its value of the Faraday
constant. The initial cai is the one the section was given.
ENDCOMMENT

NEURON {
    SUFFIX capool
    USEION ca READ ica, cai WRITE cai
    RANGE fca, tauca, cainf
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = 96485.309 (coul)
}

PARAMETER {
    tauca = 200 (ms)
    fca = 1             : fraction of the current that enters the pool
    cainf = 50e-6 (mM)
    w = 1 (um)
    z = 2               : valence of calcium
}

ASSIGNED {
    ica (mA/cm2)
}

STATE {
    cai (mM)
}

INITIAL {
}

BREAKPOINT {
    SOLVE pool METHOD cnexp
}

DERIVATIVE pool {
    cai' = -fca * ica / (z * FARADAY * w * (1e-4)) + (cainf - cai) / tauca
}
