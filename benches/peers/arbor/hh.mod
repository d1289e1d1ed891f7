: Channels of the squid axon (Hodgkin and Huxley 1952) in Arbor's dialect, with rates computed exactly, as in mod/hh.mod.
NEURON {
    SUFFIX hh
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el, q10
}

UNITS {
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gnabar = 0.12 (S/cm2)
    gkbar = 0.036 (S/cm2)
    gl = 0.0003 (S/cm2)
    el = -54.3 (mV)
    celsius (degC)
}

STATE { m h n }

ASSIGNED { q10 }

INITIAL {
    LOCAL opening, closing
    q10 = 3^((celsius - 6.3)*0.1)
    opening = exprelr(-(v + 40)*0.1)
    closing = 4*exp(-(v + 65)/18)
    m = opening/(opening + closing)
    opening = 0.07*exp(-(v + 65)*0.05)
    closing = 1/(exp(-(v + 35)*0.1) + 1)
    h = opening/(opening + closing)
    opening = 0.1*exprelr(-(v + 55)*0.1)
    closing = 0.125*exp(-(v + 65)/80)
    n = opening/(opening + closing)
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    ina = gnabar*m*m*m*h*(v - ena)
    ik = gkbar*n*n*n*n*(v - ek)
    il = gl*(v - el)
}

DERIVATIVE gates {
    LOCAL opening, total
    opening = q10*exprelr(-(v + 40)*0.1)
    total = opening + q10*4*exp(-(v + 65)/18)
    m' = opening - m*total
    opening = q10*0.07*exp(-(v + 65)*0.05)
    total = opening + q10/(exp(-(v + 35)*0.1) + 1)
    h' = opening - h*total
    opening = q10*0.1*exprelr(-(v + 55)*0.1)
    total = opening + q10*0.125*exp(-(v + 65)/80)
    n' = opening - n*total
}
