TITLE Current of shots at random times

COMMENT
From del on and for the time dur, shots begin at the times of a Poisson process
with `rate`. Each adds a current that rises and decays,

    a (exp(-s / decay) - exp(-s / rise)) / peak,

with s the time since its beginning and `peak` such that its height is a, which is
drawn from the gamma distribution with the mean amp_mean and the variance amp_var.

Source of the drawing: G. Marsaglia and W. W. Tsang, ACM Transactions on
Mathematical Software 26 (2000) 363.
ENDCOMMENT

NEURON {
    POINT_PROCESS ShotNoiseClamp
    ELECTRODE_CURRENT i
    RANGE del, dur, rise, decay, rate, amp_mean, amp_var, i
    RANDOM generator
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
}

PARAMETER {
    del         (ms)
    dur         (ms) <0, 1e9>
    rise  = 0.4 (ms) <1e-9, 1e9>
    decay = 4   (ms) <1e-9, 1e9>
    rate        (/ms) <0, 1e9>
    amp_mean    (nA)
    amp_var     (nA2)
}

ASSIGNED {
    i    (nA)
    slow (nA)
    fast (nA)
    next (ms)  : when the next shot begins
    now  (ms)  : the time of slow and fast
    peak
}

INITIAL { LOCAL top
    random_setseq(generator, 0)
    i = 0
    slow = 0
    fast = 0
    now = del
    top = log(decay / rise) / (1 / rise - 1 / decay)
    peak = exp(-top / decay) - exp(-top / rise)
    next = 1e30
    if (rate > 0) {
        next = del + random_negexp(generator) / rate
    }
}

BEFORE BREAKPOINT { LOCAL height
    if (t > now && t < del + dur && rate > 0) {
        slow = slow * exp((now - t) / decay)
        fast = fast * exp((now - t) / rise)
        now = t
        while (next <= t) {
            height = amp_mean
            if (amp_var > 0) {
                height = gamma(amp_mean * amp_mean / amp_var) * amp_var / amp_mean
            }
            slow = slow + height * exp((next - t) / decay)
            fast = fast + height * exp((next - t) / rise)
            next = next + random_negexp(generator) / rate
        }
    }
}

BREAKPOINT {
    if (t >= del && t < del + dur) {
        i = (slow - fast) / peak
    } else {
        i = 0
    }
}

: A number drawn from the gamma distribution of a shape, with the scale 1.
FUNCTION gamma(shape) { LOCAL d, c, x, u, found, boost, more
    boost = 1
    more = shape
    if (shape < 1) {
        boost = random_uniform(generator) ^ (1 / shape)
        more = shape + 1
    }
    d = more - 1 / 3
    c = 1 / sqrt(9 * d)
    found = 0
    gamma = 0
    : One trial in twenty fails.
    while (found < 1 && found > -100) {
        found = found - 1
        x = random_normal(generator)
        u = 1 + c * x
        if (u > 0) {
            u = u * u * u
            if (log(random_uniform(generator)) < 0.5 * x * x + d - d * u + d * log(u)) {
                found = 1
                gamma = d * u * boost
            }
        }
    }
}
