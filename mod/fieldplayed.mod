TITLE Field outside a cell with any course in time, as a current along its dendrites

COMMENT
As FieldStimulus, but what the field drives along the dendrite into a compartment
is set for each step from outside, and so are, if they are to be recorded, the
potentials outside in this step and in the next.
ENDCOMMENT

NEURON {
    POINT_PROCESS FieldPlayed
    ELECTRODE_CURRENT i
    RANGE current, vext, e, i
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
}

PARAMETER {
    current (nA)
    vext    (mV)  : potential outside in the last step
    e       (mV)  : the same, for the next step
}

ASSIGNED {
    i (nA)
}

INITIAL {
    i = 0
}

BREAKPOINT {
    i = current
}
