TITLE Integrate-and-fire cell without a membrane, with excitation and slower inhibition

COMMENT
    e'  = -e / taue                   a positive weight is added to e
    i1' = -i1 / taui1                 a negative one to i1
    i2' = -i2 / taui2 + ai1 i1
    m'  = -m / taum + ae e + ai2 i2   the cell fires when m reaches 1, and m starts again from 0
The factors make a single e = 1 raise m to 1 at most, a single i1 = -1 lower i2 and m to -1 at most. The
equations are solved exactly from event to event. With taue and taui1 below taui2, m cannot grow faster
than now: (1 - m)/m' is a lower bound of the time to the spike, at which the cell looks again.
Names and default values are those documented for NEURON's built-in `IntFire4`.
Source of the bound: M.L. Hines and N.T. Carnevale, J. Neurosci. Methods 169 (2008) 425.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL IntFire4
    RANGE taue, taui1, taui2, taum, e, i1, i2, m, ae, ai1, ai2
    GLOBAL eps, taueps
    THREADSAFE
}

PARAMETER {
    taue = 5 (ms) <0, 1e9>
    taui1 = 10 (ms) <0, 1e9>
    taui2 = 20 (ms) <0, 1e9>
    taum = 50 (ms) <0, 1e9>
    eps = 1e-6 <1e-9, 0.01>
    taueps = 0.01 (ms) <1e-9, 1e9>
}

ASSIGNED {
    e
    i1
    i2
    m
    last (ms)
    ke (1/ms)
    ki1 (1/ms)
    ki2 (1/ms)
    km (1/ms)
    ae (1/ms)
    ai1 (1/ms)
    ai2 (1/ms)
    be
    bi1
    bi2
    a
    b
}

INITIAL {
    separate()
    ke = 1 / taue
    ki1 = 1 / taui1
    ki2 = 1 / taui2
    km = 1 / taum
    factors()
    e = 0
    i1 = 0
    i2 = 0
    m = 0
    last = t
    net_send(bound(), 1)
}

NET_RECEIVE(weight) {
    advance(t - last)
    last = t
    if (m > 1 - eps) {
        net_event(t)
        m = 0
    }
    if (flag == 1) {
        net_send(bound(), 1)
    } else {
        if (weight > 0) {
            e = e + weight
        } else {
            i1 = i1 + weight
        }
        net_move(bound() + t)
    }
}

: Time constants in the order that the bound needs, and apart, for the solution divides by their differences.
PROCEDURE separate() {
    LOCAL swap
    if (taui2 < 4 * taueps) {
        taui2 = 4 * taueps
    }
    if (taui1 < 3 * taueps) {
        taui1 = 3 * taueps
    }
    if (taue < 2 * taueps) {
        taue = 2 * taueps
    }
    if (taue > taui2 - taueps) {
        taue = taui2 - taueps
    }
    if (taui1 > taui2) {
        swap = taui2
        taui2 = taui1
        taui1 = swap
    }
    if (taui1 > taui2 - taueps) {
        taui1 = taui2 - taueps
    }
    if (fabs(taum - taui2) < taueps) {
        if (taum > taui2) {
            taum = taui2 + taueps
        } else {
            taum = taui2 - taueps
        }
    }
    if (fabs(taum - taui1) < taueps) {
        taum = taui1 - taueps
    }
    if (fabs(taum - taue) < taueps) {
        taum = taue - taueps
    }
    if (fabs(taum - taui1) < taueps) {
        taum = taui1 - taueps
    }
}

PROCEDURE factors() {
    LOCAL peak
    : e = 1 alone raises m to 1.
    peak = log(km / ke) / (km - ke)
    be = 1 / (exp(-km * peak) - exp(-ke * peak))
    ae = be * (ke - km)
    : i1 = 1 alone raises i2 to 1.
    peak = log(ki2 / ki1) / (ki2 - ki1)
    bi1 = 1 / (exp(-ki2 * peak) - exp(-ki1 * peak))
    ai1 = bi1 * (ki1 - ki2)
    : i1 = 1 alone raises m to 1.
    bi2 = 1
    couple()
    e = 0
    i1 = 1
    i2 = 0
    m = 0
    advance(latest())
    bi2 = 1 / m
    couple()
}

PROCEDURE couple() {
    ai2 = bi2 * (ki2 - km)
    a = bi2 * bi1
    b = a * (ki2 - km) / (ki1 - km)
}

: The states d ms later.
PROCEDURE advance(d (ms)) {
    LOCAL ee, ei1, ei2, em
    ee = exp(-ke * d)
    ei1 = exp(-ki1 * d)
    ei2 = exp(-ki2 * d)
    em = exp(-km * d)
    m = m * em + be * e * (em - ee) + (bi2 * i2 + a * i1) * (em - ei2) - b * i1 * (em - ei1)
    e = e * ee
    i2 = i2 * ei2 + bi1 * i1 * (ei2 - ei1)
    i1 = i1 * ei1
}

UNITSOFF
: When m is highest after i1 = 1 alone.
FUNCTION latest() (ms) {
    LOCAL low, high, middle, round
    low = 1
    while (slope(low) < 0 && low > 1e-9) {
        low = low / 2
    }
    high = 2 * low
    while (slope(high) > 0 && high < 1e9) {
        low = high
        high = 2 * high
    }
    round = 0
    while (round < 60) {
        middle = (low + high) / 2
        if (slope(middle) > 0) {
            low = middle
        } else {
            high = middle
        }
        round = round + 1
    }
    latest = (low + high) / 2
}

: Has the sign of m' at d ms after i1 = 1 alone.
FUNCTION slope(d (ms)) {
    slope = (ki2 * exp(-d * ki2) - km * exp(-d * km)) / (ki2 - km) - (ki1 * exp(-d * ki1) - km * exp(-d * km)) / (ki1 - km)
}

: The time to the spike is not shorter.
FUNCTION bound() (ms) {
    LOCAL rise
    rise = -km * m + ae * e + ai2 * i2
    if (rise <= 1e-9) {
        bound = 1e9
    } else {
        bound = (1 - m) / rise
    }
}
UNITSON
