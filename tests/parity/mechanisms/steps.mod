TITLE voltage clamp through four levels

COMMENT
A voltage source behind a small resistance, on from the start: 10 ms at each of three levels, then
the fourth. The current enters the cell. Events are counted.
ENDCOMMENT

NEURON {
    POINT_PROCESS Steps
    ELECTRODE_CURRENT i
    RANGE amp1, amp2, amp3, amp4, rs, i, events
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (Mohm) = (megohm)
}

PARAMETER {
    rs = 0.1 (Mohm)
    amp1 (mV)
    amp2 (mV)
    amp3 (mV)
    amp4 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    level (mV)
    events
}

BREAKPOINT {
    level = amp4
    if (t < 30) { level = amp3 }
    if (t < 20) { level = amp2 }
    if (t < 10) { level = amp1 }
    i = (level - v)/rs
}

NET_RECEIVE(weight) {
    events = events + 1
}
