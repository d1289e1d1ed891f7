TITLE Linear KINETIC scheme with CONSERVE: closed, closed, open

NEURON {
    SUFFIX kinchan
    USEION k READ ek WRITE ik
    RANGE gbar
}

PARAMETER {
    gbar = 1e-3 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    a (/ms)
    b (/ms)
}

STATE {
    c1
    c2
    o
}

INITIAL {
    rates(v)
    SOLVE scheme STEADYSTATE sparse
}

BREAKPOINT {
    SOLVE scheme METHOD sparse
    ik = gbar * o * (v - ek)
}

KINETIC scheme {
    rates(v)
    ~ c1 <-> c2 (2 * a, b)
    ~ c2 <-> o (a, 2 * b)
    CONSERVE c1 + c2 + o = 1
}

PROCEDURE rates(u (mV)) {
    a = 0.05 * exp((u + 50) / 25)
    b = 0.1 * exp(-(u + 50) / 30)
}
