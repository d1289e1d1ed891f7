TITLE Channel with every form of TABLE

NEURON {
    SUFFIX tabulator
    USEION k READ ek WRITE ik
    RANGE gbar, vhalf, part, opened
    GLOBAL low, high
}

PARAMETER {
    gbar = 2e-3 (S/cm2)
    vhalf = -32 (mV)
    low = -90 (mV)
    high = -20 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    part[3]
    opened
    tau (ms)
}

STATE {
    n
}

INITIAL {
    parts(v)
    n = part[1]
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    opened = shut(v)
    ik = gbar * n * opened * (v - ek)
}

DERIVATIVE gate {
    parts(v + 0.5)
    tau = slowness(v)
    n' = (part[1] - n) / tau
}

: Beyond the table below -90 and above high + 5.
FUNCTION shut(u (mV)) {
    TABLE FROM low TO high + 5 WITH 60
    shut = 1 / (1 + exp((u + 45) / 11)) + 0.2
}

FUNCTION slowness(u (mV)) (ms) { LOCAL speed
    TABLE DEPEND celsius FROM -120 TO 60 WITH 37
    speed = 2.3 ^ ((celsius - 20) / 10)
    slowness = (1 + 6 / (1 + exp((u + 50) / 14))) / speed
}

PROCEDURE parts(u (mV)) {
    TABLE part DEPEND vhalf, celsius FROM -100 TO 50 WITH 75
    FROM i = 0 TO 2 {
        part[i] = 1 / (1 + exp(-(u - vhalf) / (7 + i)))
    }
}
