TITLE Transient sodium current

: Colbert and Pan (2002), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_nat
    USEION na READ ena WRITE ina
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.1 (S/cm2)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
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
    ina = gbar*m*m*m*h*(v - ena)
}

DERIVATIVE gating {
    rates(v)
    m' = (m_inf - m)/m_tau
    h' = (h_inf - h)/h_tau
}

PROCEDURE rates(u (mV)) {
    LOCAL a, b
    UNITSOFF
    a = 0.182*linoid(u + 32, 6)
    b = 0.124*linoid(-u - 32, 6)
    m_inf = a/(a + b)
    m_tau = 1/(2.95288264*(a + b))
    a = 0.015*linoid(-u - 60, 6)
    b = 0.015*linoid(u + 60, 6)
    h_inf = a/(a + b)
    h_tau = 1/(2.95288264*(a + b))
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
