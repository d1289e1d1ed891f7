TITLE Nonlinear KINETIC scheme: calcium, buffer and pump

NEURON {
    SUFFIX cabuffer
    USEION ca READ ica, cai WRITE cai
    RANGE total, depth
}

UNITS {
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    total = 0.05 (mM)
    on = 50 (/mM-ms)
    off = 0.05 (/ms)
    depth = 0.5 (um)
    out = 0.05 (/ms)
    rest = 5e-5 (mM)
}

ASSIGNED {
    ica (mA/cm2)
}

STATE {
    cai (mM)
    free (mM)
    bound (mM)
}

INITIAL {
    cai = rest
    bound = total * rest / (rest + off / on)
    free = total - bound
}

BREAKPOINT {
    SOLVE pool METHOD sparse
}

KINETIC pool {
    ~ cai << (-ica * 1e4 / (2 * FARADAY * depth) + out * rest)
    ~ cai -> (out)
    ~ cai + free <-> bound (on, off)
}
