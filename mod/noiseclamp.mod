TITLE Current of normally distributed values

COMMENT
From del on and for the time dur, an electrode injects a current that takes a new
value at intervals, drawn independently of all others from the normal distribution
with the mean `mean` and the standard deviation `sigma`.
ENDCOMMENT

NEURON {
    POINT_PROCESS NoiseClamp
    ELECTRODE_CURRENT i
    RANGE del, dur, mean, sigma, interval, i
    RANDOM generator
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
}

PARAMETER {
    del            (ms)
    dur            (ms) <0, 1e9>
    mean           (nA)
    sigma          (nA)
    interval = 0.5 (ms) <1e-9, 1e9>
}

ASSIGNED {
    i     (nA)
    value (nA)
    next  (ms)  : when the next value is drawn
}

INITIAL {
    random_setseq(generator, 0)
    i = 0
    value = 0
    next = del
}

BEFORE BREAKPOINT {
    if (t < del + dur && interval > 0) {
        while (next <= t) {
            value = mean + sigma * random_normal(generator)
            next = next + interval
        }
    }
}

BREAKPOINT {
    if (t >= del && t < del + dur) {
        i = value
    } else {
        i = 0
    }
}
