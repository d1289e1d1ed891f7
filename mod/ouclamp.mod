TITLE Current that follows a process of Ornstein and Uhlenbeck

COMMENT
From del on and for the time dur, an electrode injects a current that fluctuates
about `mean` with the standard deviation `sigma` and the correlation time tau.
It begins at the mean. Values at intervals are drawn by the exact rule

    x(t + h) = mean + (x(t) - mean) exp(-h / tau) + sigma sqrt(1 - exp(-2 h / tau)) n,

where n is normally distributed, and joined by straight lines.

Source: D. T. Gillespie, Physical Review E 54 (1996) 2084.
ENDCOMMENT

NEURON {
    POINT_PROCESS OUClamp
    ELECTRODE_CURRENT i
    RANGE del, dur, mean, sigma, tau, interval, i
    RANDOM generator
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
}

PARAMETER {
    del             (ms)
    dur             (ms) <0, 1e9>
    mean            (nA)
    sigma           (nA)
    tau      = 1    (ms) <1e-9, 1e9>
    interval = 0.25 (ms) <1e-9, 1e9>
}

ASSIGNED {
    i     (nA)
    last  (nA)
    value (nA)
    next  (ms)  : when value is reached
}

INITIAL {
    random_setseq(generator, 0)
    i = 0
    last = mean
    value = mean
    next = del
}

BEFORE BREAKPOINT {
    if (t < del + dur && interval > 0) {
        while (next <= t) {
            last = value
            value = mean + (last - mean) * exp(-interval / tau) + sigma * sqrt(1 - exp(-2 * interval / tau)) * random_normal(generator)
            next = next + interval
        }
    }
}

BREAKPOINT {
    if (t >= del && t < del + dur) {
        i = value + (last - value) * (next - t) / interval
    } else {
        i = 0
    }
}
