TITLE Half of a gap junction

COMMENT
The conductance g connects the compartment with another one, whose potential is
vgap; the other half stands there. The potential is that at the beginning of a
step. Names are those that BMTK expects of a mechanism `Gap`.
ENDCOMMENT

NEURON {
    POINT_PROCESS Gap
    NONSPECIFIC_CURRENT i
    RANGE g, vgap, i
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
}

PARAMETER {
    g = 0 (uS)
}

ASSIGNED {
    v    (mV)
    vgap (mV)
    i    (nA)
}

BREAKPOINT {
    i = g * (v - vgap)
}
