TITLE Calcium current of high threshold

: Reuveni et al. (1993), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_cahva
    USEION ca READ eca WRITE ica
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.0001 (S/cm2)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    m_inf
    m_tau (ms)
    h_inf
    h_tau (ms)
}

STATE {
    m h
}

INITIAL {
    rates(v)
    m = m_inf
    h = h_inf
}

BREAKPOINT {
    SOLVE gating METHOD cnexp
    ica = gbar*m*m*h*(v - eca)
}

DERIVATIVE gating {
    rates(v)
    m' = (m_inf - m)/m_tau
    h' = (h_inf - h)/h_tau
}

PROCEDURE rates(u (mV)) {
    LOCAL a, b
    UNITSOFF
    a = 0.055*linoid(u + 27, 3.8)
    b = 0.94*exp(-(u + 75)/17)
    m_inf = a/(a + b)
    m_tau = 1/(a + b)
    a = 0.000457*exp(-(u + 13)/50)
    b = 0.0065/(exp(-(u + 15)/28) + 1)
    h_inf = a/(a + b)
    h_tau = 1/(a + b)
    UNITSON
}

: x/(1 - exp(-x/y)), continued through its removable singularity at x = 0.
FUNCTION linoid(x, y) {
    if (fabs(x/y) < 1e-6) {
        linoid = y*(1 + x/y/2)
    } else {
        linoid = x/(1 - exp(-x/y))
    }
}
