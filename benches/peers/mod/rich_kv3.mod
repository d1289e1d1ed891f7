TITLE Fast potassium current, Kv3.1

: Rettig et al. (1992), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_kv3
    USEION k READ ek WRITE ik
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.02 (S/cm2)
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
    UNITSOFF
    m_inf = 1/(1 + exp(-(u - 18.7)/9.7))
    m_tau = 4/(1 + exp(-(u + 46.56)/44.14))
    UNITSON
}
