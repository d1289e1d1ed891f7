TITLE Field outside a cell, as a current along its dendrites

COMMENT
Where the potential outside is imposed and differs from place to place, the
potential inside differs from the membrane potential by it, and so do axial
currents: every compartment receives the sum over its neighbours of
g (e_neighbour - e), as if an electrode injected it. All of the field has one
course in time, w(t) in mA, so that for each compartment the potential is
`potential` * w and the current `coupling` * w.

The course is that of BMTK's stimulation outside cells: it holds for a whole step
with its value at the beginning, is 0 in the first, and is amp, or
amp sin(2 pi freq t + phase) + offset, between del and del + dur.
ENDCOMMENT

NEURON {
    POINT_PROCESS FieldStimulus
    ELECTRODE_CURRENT i
    RANGE coupling, potential, wave, amp, del, dur, freq, phase, offset, i, vext, e
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mA) = (milliamp)
    (mV) = (millivolt)
    PI = (pi) (1)
}

PARAMETER {
    coupling (nA/mA) : current for a course of 1 mA
    potential (mV/mA) : potential for a course of 1 mA
    wave = 0 : 0: constant, 1: sine
    amp (mA)
    del (ms)
    dur (ms)
    freq (/ms)
    phase
    offset (mA)
}

ASSIGNED {
    dt (ms)
    i (nA)
    vext (mV) : potential outside in the last step
    e (mV) : the same, for the next step
}

INITIAL {
    i = 0
    vext = 0
    e = 0
}

BREAKPOINT { LOCAL w
    w = course(floor(t / dt))
    i = coupling * w
    vext = potential * w
}

BEFORE STEP {
    e = potential * course(floor(t / dt + 0.5))
}

: Its value from the beginning of a step on, by the step's number.
FUNCTION course(step) (mA) { LOCAL begin
    begin = dt * step
    course = 0
    if (step > 0.5) {
        if (begin > del && begin < del + dur) {
            if (wave == 1) {
                course = amp * sin(2 * PI * freq * begin + phase) + offset
            } else {
                course = amp
            }
        }
    }
}
