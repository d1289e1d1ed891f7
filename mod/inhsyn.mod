TITLE Inhibitory synapse of the half-centre oscillator

COMMENT
A difference of two exponentials whose lone response peaks at w gmax,

    A' = -A / tau1,  B' = -B / tau2,
    gsyn = w gmax norm tau1 tau2 / (tau2 - tau1) (B - A),
    isyn = gsyn (v - esyn),

where an event adds 1 to A and to B and sets w, for all that is still decaying
too, to its own weight. It is the synapse of the BMTK tutorial's half-centre
oscillator and keeps a trait on which that model's spike times depend: gsyn and
isyn are assigned in the DERIVATIVE block, not in BREAKPOINT. The current of a
step is therefore the one left by the state update of the step before, and it
adds no conductance to the membrane equation.
ENDCOMMENT

NEURON {
    POINT_PROCESS inhsyn
    NONSPECIFIC_CURRENT isyn
    RANGE tau1, tau2, gmax, esyn, w, norm, gsyn, isyn
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau1 = 10 (ms)
    tau2 = 20 (ms)
    gmax (uS)
    esyn = -80 (mV)
    w
}

ASSIGNED {
    v (mV)
    isyn (nA)
    gsyn (uS)
    norm (/ms)
}

STATE {
    A
    B
}

INITIAL {
    LOCAL span, tp
    A = 0
    B = 0
    span = tau1 * tau2 / (tau2 - tau1)
    tp = span * log(tau2 / tau1)
    norm = 1 / (span * (exp(-tp / tau2) - exp(-tp / tau1)))
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
}

DERIVATIVE decay {
    A' = -A / tau1
    B' = -B / tau2
    gsyn = w * gmax * norm * (tau1 * tau2 / (tau2 - tau1)) * (B - A)
    isyn = gsyn * (v - esyn)
}

NET_RECEIVE(weight) {
    w = weight
    state_discontinuity(A, A + 1)
    state_discontinuity(B, B + 1)
}
