TITLE Voltage clamp by one electrode

COMMENT
The electrode has the resistance rs to a potential vc, which is amp1 for the time
dur1, then amp2 for dur2, then amp3 for dur3; then it is switched off. Names are
those documented for NEURON's built-in `SEClamp`. `begin`, which that has not,
keeps it switched off until then.
ENDCOMMENT

NEURON {
    POINT_PROCESS SEClamp
    ELECTRODE_CURRENT i
    RANGE dur1, amp1, dur2, amp2, dur3, amp3, rs, vc, i, begin
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
}

PARAMETER {
    rs = 1 (megohm) <1e-9, 1e9>
    dur1 (ms)
    amp1 (mV)
    dur2 (ms) <0, 1e9>
    amp2 (mV)
    dur3 (ms) <0, 1e9>
    amp3 (mV)
    begin (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    vc (mV)
    on
}

INITIAL {
    on = 0
}

BREAKPOINT {
    SOLVE measure METHOD after_cvode
    on = 1
    if (t < dur1) {
        vc = amp1
    } else if (t < dur1 + dur2) {
        vc = amp2
    } else if (t < dur1 + dur2 + dur3) {
        vc = amp3
    } else {
        vc = 0
        on = 0
    }
    if (t < begin) {
        on = 0
    }
    inject()
}

: After the step the current is that at the new potential.
PROCEDURE measure() {
    inject()
}

PROCEDURE inject() {
    if (on) {
        i = (vc - v) / rs
    } else {
        i = 0
    }
}
