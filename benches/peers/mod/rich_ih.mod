TITLE Hyperpolarisation-activated current

: Kole et al. (2006), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_ih
    NONSPECIFIC_CURRENT ih
    RANGE gbar, eh
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 8e-05 (S/cm2)
    eh = -45 (mV)
}

ASSIGNED {
    v (mV)
    ih (mA/cm2)
    m_inf
    m_tau (ms)
}

STATE {
    m
}

INITIAL {
    rates(v)
    m = m_inf
}

BREAKPOINT {
    SOLVE gating METHOD cnexp
    ih = gbar*m*(v - eh)
}

DERIVATIVE gating {
    rates(v)
    m' = (m_inf - m)/m_tau
}

PROCEDURE rates(u (mV)) {
    LOCAL a, b
    UNITSOFF
    a = 0.00643*linoid(-u - 154.9, 11.9)
    b = 0.193*exp(u/33.1)
    m_inf = a/(a + b)
    m_tau = 1/(a + b)
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
