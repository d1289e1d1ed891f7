TITLE Transient potassium current

: Korngreen and Sakmann (2000), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_kt
    USEION k READ ek WRITE ik
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.002 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
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
    ik = gbar*m*m*m*m*h*(v - ek)
}

DERIVATIVE gating {
    rates(v)
    m' = (m_inf - m)/m_tau
    h' = (h_inf - h)/h_tau
}

PROCEDURE rates(u (mV)) {
    UNITSOFF
    m_inf = 1/(1 + exp(-(u + 10)/19))
    m_tau = (0.34 + 0.92*exp(-((u + 81)/59)^2))/2.95288264
    h_inf = 1/(1 + exp((u + 76)/10))
    h_tau = (8 + 49*exp(-((u + 83)/23)^2))/2.95288264
    UNITSON
}
