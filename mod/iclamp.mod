TITLE Rectangular current pulse

COMMENT
An electrode injects amp from time del for the duration dur; positive current
depolarises. Names are those documented for NEURON's built-in `IClamp`. On a
fixed time step the pulse is sampled where the current is evaluated, in the
middle of each step.
ENDCOMMENT

NEURON {
    POINT_PROCESS IClamp
    ELECTRODE_CURRENT i
    RANGE del, dur, amp, i
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
}

PARAMETER {
    del (ms)
    dur (ms) <0, 1e9>
    amp (nA)
}

ASSIGNED {
    i (nA)
}

INITIAL {
    i = 0
}

BREAKPOINT {
    if (t >= del && t < del + dur) {
        i = amp
    } else {
        i = 0
    }
}
