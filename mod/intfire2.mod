TITLE Leaky integrate-and-fire cell without a membrane, driven by decaying currents

COMMENT
    taus i' = ib - i        every event adds its weight to i
    taum m' = i - m         the cell fires when m reaches 1, and m starts again from 0
With s the time since the last event, f = taus/(taus - taum) and p = f (i - ib):
    m(s) = ib + p exp(-s/taus) + (m - ib - p) exp(-s/taum)
The time at which m reaches 1 is sought whenever i or m changes. m has at most one maximum: the search
is on its rising side, where bisection and Newton's steps keep a bracket.
Names and default values are those documented for NEURON's built-in `IntFire2`, which stops its search
at an error of 1e-6: here the time is exact to round-off.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL IntFire2
    RANGE taus, taum, ib, i, m
    THREADSAFE
}

PARAMETER {
    taus = 20 (ms) <1e-9, 1e9>
    taum = 10 (ms) <1e-9, 1e9>
    ib = 0
}

ASSIGNED {
    i
    m
    last (ms)
}

INITIAL {
    if (taus <= taum) {
        taus = taum + 0.1
    }
    i = ib
    m = 0
    last = t
    net_send(wait(0, 0), 1)
}

NET_RECEIVE(weight) {
    LOCAL slow, p
    slow = exp(-(t - last) / taus)
    p = taus / (taus - taum) * (i - ib)
    if (flag == 1) {
        net_event(t)
        m = 0
        i = ib + (i - ib) * slow
        net_send(wait(taus / (taus - taum) * (i - ib), m), 1)
    } else {
        m = ib + p * slow + (m - ib - p) * exp(-(t - last) / taum)
        i = ib + (i - ib) * slow + weight
        if (m >= 1) {
            net_move(t)
        } else {
            net_move(t + wait(taus / (taus - taum) * (i - ib), m))
        }
    }
    last = t
}

UNITSOFF
: The time until ib + p exp(-s/taus) + (m0 - ib - p) exp(-s/taum) is 1, for m0 < 1; 1e9 if that never is.
FUNCTION wait(p, m0) (ms) {
    LOCAL q, low, high, s, height, slope, round
    q = m0 - ib - p
    low = 0
    high = -1
    : The slope is -p/taus exp(-s/taus) - q/taum exp(-s/taum): positive at first if m can rise at all.
    if (p > 0 && q < 0) {
        : The maximum, where both terms are equal.
        s = log(-q * taus / (p * taum)) * taus * taum / (taus - taum)
        if (s > 0 && ib + p * exp(-s / taus) + q * exp(-s / taum) > 1) {
            high = s
        }
    } else if (ib > 1) {
        : m rises to ib in the end, perhaps after a minimum.
        high = taum
        while (ib + p * exp(-high / taus) + q * exp(-high / taum) <= 1 && high < 1e9) {
            high = 2 * high
        }
    }
    if (high < 0 || high >= 1e9) {
        wait = 1e9
    } else {
        s = high / 2
        round = 0
        while (round < 200 && high - low > 1e-15 * high) {
            height = ib + p * exp(-s / taus) + q * exp(-s / taum) - 1
            slope = -p / taus * exp(-s / taus) - q / taum * exp(-s / taum)
            if (height < 0) {
                low = s
            } else {
                high = s
            }
            if (slope != 0) {
                s = s - height / slope
            }
            if (slope == 0 || s <= low || s >= high) {
                s = (low + high) / 2
            }
            round = round + 1
            if (fabs(height) <= 1e-15) {
                round = 200
            }
        }
        wait = s
    }
}
UNITSON
