TITLE Calcium in a shell below the membrane, with linear removal

: Destexhe et al. (1994), as Hay et al. (2011) use it.

NEURON {
    SUFFIX rich_cad
    USEION ca READ ica WRITE cai
    RANGE gamma, decay, depth, least
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (um) = (micron)
    FARADAY = (faraday) (coulombs)
}

PARAMETER {
    gamma = 0.05
    decay = 80 (ms)
    depth = 0.1 (um)
    least = 1e-4 (mM)
}

ASSIGNED {
    ica (mA/cm2)
}

STATE {
    cai (mM)
}

INITIAL {
    cai = least
}

BREAKPOINT {
    SOLVE removal METHOD cnexp
}

DERIVATIVE removal {
    cai' = -(10000)*ica*gamma/(2*FARADAY*depth) - (cai - least)/decay
}
