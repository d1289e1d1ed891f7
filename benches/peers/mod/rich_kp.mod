TITLE Persistent potassium current

: Korngreen and Sakmann (2000), as Hay et al. (2011) use it, at 34 degC.

NEURON {
    SUFFIX rich_kp
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
    ik = gbar*m*m*h*(v - ek)
}

DERIVATIVE gating {
    rates(v)
    m' = (m_inf - m)/m_tau
    h' = (h_inf - h)/h_tau
}

PROCEDURE rates(u (mV)) {
    UNITSOFF
    m_inf = 1/(1 + exp(-(u + 11)/12))
    if (u < -60) {
        m_tau = (1.25 + 175.03*exp(0.026*(u + 10)))/2.95288264
    } else {
        m_tau = (1.25 + 13*exp(-0.026*(u + 10)))/2.95288264
    }
    h_inf = 1/(1 + exp((u + 64)/11))
    h_tau = (360 + (1010 + 24*(u + 65))*exp(-((u + 85)/48)^2))/2.95288264
    UNITSON
}
