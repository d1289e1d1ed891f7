TITLE Radial diffusion of calcium in shells, with a buffer in each and a pump at the membrane

DEFINE SHELLS 4

NEURON {
    SUFFIX shells
    USEION ca READ cao, cai, ica WRITE cai, ica
    RANGE pump, pumpca
}

UNITS {
    FARADAY = (faraday) (10000 coulomb)
    PI = (pi) (1)
}

PARAMETER {
    diffusion = 0.6 (um2/ms)
    on = 100 (/mM-ms)
    off = 0.1 (/ms)
    total = 0.003 (mM)
    sites = 0.2
    leak = 1e-6 (S/cm2)
}

CONSTANT {
    outside = 1e10
}

ASSIGNED {
    v (mV)
    diam (um)
    cao (mM)
    cai (mM)
    ica (mA/cm2)
    pumped (mA/cm2)
    volume[SHELLS]
    gate[SHELLS]
}

STATE {
    ca[SHELLS] (mM)
    free[SHELLS] (mM)
    bound[SHELLS] (mM)
    pump
    pumpca
}

INITIAL {
    LOCAL i, r, h
    r = 0.5
    h = r / (SHELLS - 1) / 2
    pumped = 0
    volume[0] = 0
    gate[0] = 2 * r
    FROM i = 0 TO SHELLS - 2 {
        volume[i] = volume[i] + PI * (r - h / 2) * 2 * h
        r = r - h
        gate[i + 1] = 2 * PI * r / (2 * h)
        r = r - h
        volume[i + 1] = PI * (r + h / 2) * 2 * h
    }
    FROM i = 0 TO SHELLS - 1 {
        ca[i] = cai
        bound[i] = total * ca[i] / (ca[i] + off / on)
        free[i] = total - bound[i]
    }
    pump = sites
    pumpca = 0
}

BREAKPOINT {
    SOLVE exchange METHOD sparse
    ica = pumped + leak * (v - 60)
}

KINETIC exchange {
    LOCAL square
    COMPARTMENT i, diam * diam * volume[i] { ca free bound }
    COMPARTMENT 1e10 { pump pumpca }
    COMPARTMENT outside { cao }
    ~ ca[0] + pump <-> pumpca (1e6, 5e3)
    ~ pumpca <-> pump + cao (1e6, 5e3)
    CONSERVE pump + pumpca = sites * 1e10
    pumped = 2 * FARADAY * (f_flux - b_flux) / (PI * diam) * 1e-12
    ~ ca[0] << (-(ica - pumped) * PI * diam / (2 * FARADAY))
    FROM i = 0 TO SHELLS - 2 {
        ~ ca[i] <-> ca[i + 1] (diffusion * gate[i + 1], diffusion * gate[i + 1])
    }
    square = diam * diam
    FROM i = 0 TO SHELLS - 1 {
        ~ ca[i] + free[i] <-> bound[i] (on * square * volume[i], off * square * volume[i])
    }
    cai = ca[0]
}
