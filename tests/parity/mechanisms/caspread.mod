TITLE Calcium that enters by channels, diffuses along the cable, and a tracer that it mobilises

NEURON {
    SUFFIX caspread
    USEION ca READ ica WRITE cai
    RANGE tracer
}

UNITS {
    FARADAY = (faraday) (10000 coulomb)
    PI = (pi) (1)
}

PARAMETER {
    D = 0.6 (um2/ms)
    slow = 0.05 (um2/ms)
    uptake = 0.02 (/ms)
}

ASSIGNED {
    ica (mA/cm2)
    diam (um)
}

STATE {
    cai (mM)
    bound (mM)
    tracer
    follower
}

INITIAL {
    bound = 0
    tracer = diam
    follower = 1 / diam
}

BREAKPOINT { SOLVE exchange METHOD sparse }

FUNCTION section(d (um)) (um2) {
    section = PI * d * d / 4
}

KINETIC exchange {
    COMPARTMENT section(diam) { cai bound tracer follower }
    LONGITUDINAL_DIFFUSION D * section(diam) { cai }
    LONGITUDINAL_DIFFUSION slow * (1 + tracer / 10) * section(diam) { tracer follower }
    ~ cai << (-ica * PI * diam / (2 * FARADAY))
    ~ cai <-> bound (uptake * section(diam), 0.1 * uptake * section(diam))
    ~ tracer <-> follower (0.001, 0.003)
}
