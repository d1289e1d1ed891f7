TITLE Calcium-activated potassium current of small conductance

: Kohler et al. (1996), as Hay et al. (2011) use it.

NEURON {
    SUFFIX rich_sk
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-3 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    z_inf
}

STATE {
    z
}

INITIAL {
    rates(cai)
    z = z_inf
}

BREAKPOINT {
    SOLVE gating METHOD cnexp
    ik = gbar*z*(v - ek)
}

DERIVATIVE gating {
    rates(cai)
    z' = (z_inf - z)/1(ms)
}

PROCEDURE rates(c (mM)) {
UNITSOFF
    z_inf = 1/(1 + (0.00043/(c + 1e-9))^4.8)
UNITSON
}
