TITLE Calcium current of low threshold

: Avery and Johnston (1996) and Randall and Tsien (1997), as Hay et al. (2011) use them, at 34 degC.

NEURON {
    SUFFIX rich_calva
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
    UNITSOFF
    m_inf = 1/(1 + exp(-(u + 40)/6))
    m_tau = 5 + 20/(2.95288264*(1 + exp((u + 35)/5)))
    h_inf = 1/(1 + exp((u + 90)/6.4))
    h_tau = 20 + 50/(2.95288264*(1 + exp((u + 50)/7)))
    UNITSON
}
