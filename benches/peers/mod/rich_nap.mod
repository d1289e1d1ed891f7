TITLE Persistent sodium current

: Magistretti and Alonso (1999), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_nap
    USEION na READ ena WRITE ina
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
    m_inf = 1/(1 + exp(-(u + 52.6)/4.6))
    a = 0.182*linoid(u + 38, 6)
    b = 0.124*linoid(-u - 38, 6)
    m_tau = 6/(2.95288264*(a + b))
    h_inf = 1/(1 + exp((u + 48.8)/10))
    a = 2.88e-6*linoid(-u - 17, 4.63)
    b = 6.94e-6*linoid(u + 64.4, 2.63)
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
