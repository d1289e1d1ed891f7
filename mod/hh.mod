TITLE Squid axon sodium, potassium and leak channels

COMMENT
A. L. Hodgkin and A. F. Huxley (1952), "A quantitative description of membrane
current and its application to conduction and excitation in nerve",
J. Physiol. 117:500-544, equations 12-26. The potential is absolute (rest near
-65 mV, depolarisation positive) and the rates, given for 6.3 degC, speed up
threefold per 10 degC. Names and default values are those documented for
NEURON's built-in `hh`.

As in NEURON's built-in the rates are interpolated in a table of 1 mV steps.
They are exact at every voltage with usetable_hh = 0 there and --no-tables here.
ENDCOMMENT

NEURON {
    SUFFIX hh
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el, gna, gk
    RANGE minf, hinf, ninf, mtau, htau, ntau
    THREADSAFE
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gnabar = 0.12 (S/cm2) <0, 1e9>
    gkbar = 0.036 (S/cm2) <0, 1e9>
    gl = 0.0003 (S/cm2) <0, 1e9>
    el = -54.3 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ek (mV)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
    gna (S/cm2)
    gk (S/cm2)
    minf
    hinf
    ninf
    mtau (ms)
    htau (ms)
    ntau (ms)
}

STATE {
    m   : sodium activation
    h   : sodium inactivation
    n   : potassium activation
}

INITIAL {
    rates(v)
    m = minf
    h = hinf
    n = ninf
}

BREAKPOINT {
    SOLVE gates METHOD cnexp
    gna = gnabar * m * m * m * h
    gk = gkbar * n * n * n * n
    ina = gna * (v - ena)
    ik = gk * (v - ek)
    il = gl * (v - el)
}

DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
    n' = (ninf - n) / ntau
}

PROCEDURE rates(u (mV)) {
    LOCAL q10, opening, closing, total
    TABLE minf, hinf, ninf, mtau, htau, ntau DEPEND celsius FROM -100 TO 100 WITH 200
UNITSOFF
    q10 = 3 ^ ((celsius - 6.3) / 10)

    opening = 0.1 * linoid(-(u + 40), 10)
    closing = 4 * exp(-(u + 65) / 18)
    total = opening + closing
    mtau = 1 / (q10 * total)
    minf = opening / total

    opening = 0.07 * exp(-(u + 65) / 20)
    closing = 1 / (exp(-(u + 35) / 10) + 1)
    total = opening + closing
    htau = 1 / (q10 * total)
    hinf = opening / total

    opening = 0.01 * linoid(-(u + 55), 10)
    closing = 0.125 * exp(-(u + 65) / 80)
    total = opening + closing
    ntau = 1 / (q10 * total)
    ninf = opening / total
UNITSON
}

: x / (exp(x/y) - 1), continued through its removable singularity at x = 0 by
: the first two terms of its series there, y - x/2.
FUNCTION linoid(x, y) {
    if (fabs(x / y) < 1e-6) {
        linoid = y * (1 - x / y / 2)
    } else {
        linoid = x / (exp(x / y) - 1)
    }
}
