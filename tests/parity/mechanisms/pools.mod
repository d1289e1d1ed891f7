TITLE Nonlinear KINETIC scheme in two volumes: COMPARTMENT, an influx, fluxes read, a steady start

NEURON {
    SUFFIX pools
    NONSPECIFIC_CURRENT i
    RANGE net, inflow, g
}

PARAMETER {
    inner = 2
    outer = 3
    g = 1e-4 (S/cm2)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    net
    inflow
}

STATE {
    a
    b
    c
    d
}

INITIAL {
    a = 1
    b = 0.5
    c = 0.25
    d = 0
}

BREAKPOINT {
    SOLVE exchange METHOD sparse
    i = g * d * (v + 90)
}

KINETIC exchange {
    COMPARTMENT inner { a b }
    COMPARTMENT outer { c }
    ~ a + 2 b <-> c (0.7, 0.2)
    net = f_flux - b_flux
    ~ a << (0.01 * exp(v / 100))
    inflow = b_flux
    ~ c <-> d (0.1, 0.02)
}
