TITLE Muscarinic potassium current

: Adams et al. (1982), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_im
    USEION k READ ek WRITE ik
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
    ek (mV)
    ik (mA/cm2)
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
    ik = gbar*m*(v - ek)
}

DERIVATIVE gating {
    rates(v)
    m' = (m_inf - m)/m_tau
}

PROCEDURE rates(u (mV)) {
    LOCAL a, b
    UNITSOFF
    a = 3.3e-3*exp(0.1*(u + 35))
    b = 3.3e-3*exp(-0.1*(u + 35))
    m_inf = a/(a + b)
    m_tau = 1/(2.95288264*(a + b))
    UNITSON
}
