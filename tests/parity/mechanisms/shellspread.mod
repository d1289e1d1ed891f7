TITLE Calcium in shells that diffuses inwards and along sections, with a mobile buffer

DEFINE SHELLS 3

NEURON {
    SUFFIX shellspread
    USEION ca READ cai, ica WRITE cai
    RANGE mobility, inner
}

UNITS {
    FARADAY = (faraday) (10000 coulomb)
    PI = (pi) (1)
}

PARAMETER {
    mobility = 1
    D = 0.6 (um2/ms)
    slow = 0.1 (um2/ms)
    on = 50 (/mM-ms)
    off = 0.1 (/ms)
    total = 0.005 (mM)
}

ASSIGNED {
    ica (mA/cm2)
    cai (mM)
    diam (um)
    share[SHELLS]
    gate[SHELLS]
    inner (mM)
}

STATE {
    ca[SHELLS] (mM)
    free[SHELLS] (mM)
    bound[SHELLS] (mM)
}

INITIAL {
    LOCAL i
    : shells of equal thickness; cross-section and interface per diameter
    FROM i = 0 TO SHELLS - 1 {
        share[i] = PI / 4 * ((1 - i / SHELLS) ^ 2 - (1 - (i + 1) / SHELLS) ^ 2)
        gate[i] = 2 * PI * (1 - (i + 1) / SHELLS) * SHELLS
        ca[i] = cai
        bound[i] = total * ca[i] / (ca[i] + off / on)
        free[i] = total - bound[i]
    }
    inner = ca[SHELLS - 1]
}

BREAKPOINT { SOLVE exchange METHOD sparse }

KINETIC exchange {
    COMPARTMENT i, diam * diam * share[i] { ca free bound }
    LONGITUDINAL_DIFFUSION n, mobility * D * diam * diam * share[n] { ca }
    LONGITUDINAL_DIFFUSION n, slow * diam * diam * share[n] { free bound }
    ~ ca[0] << (-ica * PI * diam / (2 * FARADAY))
    FROM i = 0 TO SHELLS - 2 {
        ~ ca[i] <-> ca[i + 1] (D * gate[i], D * gate[i])
    }
    FROM i = 0 TO SHELLS - 1 {
        ~ ca[i] + free[i] <-> bound[i] (on * diam * diam * share[i], off * diam * diam * share[i])
    }
    cai = ca[0]
    inner = ca[SHELLS - 1]
}
