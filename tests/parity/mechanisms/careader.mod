TITLE Current that only reads a concentration

COMMENT
USEION ca READ cai alone: calcium stays as set, eca is computed from it once, at
initialisation, where another mechanism reads it.
ENDCOMMENT

NEURON {
    SUFFIX careader
    USEION ca READ cai
    NONSPECIFIC_CURRENT i
    RANGE g, e, half
}

PARAMETER {
    g = 1e-4 (S/cm2)
    e = -80 (mV)
    half = 1e-3 (mM)
}

ASSIGNED {
    v (mV)
    cai (mM)
    i (mA/cm2)
}

BREAKPOINT {
    i = g * cai / (cai + half) * (v - e)
}
