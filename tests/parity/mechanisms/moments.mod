TITLE Channel with a block at every moment of a step that NEURON knows

INCLUDE "moments.inc"

NEURON {
    SUFFIX moments
    USEION ca READ cai WRITE ica
    RANGE gbar, gate, order, seen, steps
}

PARAMETER {
    gbar = 1e-4 (S/cm2)
}

ASSIGNED {
    gate
    order
    seen (ms)
    steps
}

STATE {
    n
}

BEFORE INITIAL {
    order = 1
    steps = 0
    seen = v
}

INITIAL {
    order = 2 * order + 1
    rates(v)
    n = ninf
    gate = n
}

AFTER INITIAL {
    order = 2 * order + n
}

BEFORE BREAKPOINT {
    gate = 0.5 * gate + 0.5 * n
    seen = seen + 0.01 * v + t
    order = order + ica
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar * gate * (v - 60)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n) / ntau
}

AFTER SOLVE {
    LOCAL change
    change = n - gate
    gate = gate + 0.1 * change
    seen = seen - t
}

BEFORE STEP {
    steps = steps + 1
    order = 0.9 * order + t * gate
}

BEFORE STEP {
    order = order + cai * steps
}
