: A synapse whose conductance rises and decays exponentially, in Arbor's dialect: the difference of two exponentials whose
: largest value is the weight.
NEURON {
    POINT_PROCESS exp2syn
    RANGE tau1, tau2, e
    NONSPECIFIC_CURRENT i
}

UNITS {
    (mV) = (millivolt)
}

PARAMETER {
    tau1 = 0.5 (ms)
    tau2 = 3.0 (ms)
    e = 0 (mV)
}

ASSIGNED { scale }

STATE { rising falling }

INITIAL {
    LOCAL peak
    rising = 0
    falling = 0
    peak = tau1*tau2/(tau2 - tau1)*log(tau2/tau1)
    scale = 1/(exp(-peak/tau2) - exp(-peak/tau1))
}

BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = (falling - rising)*(v - e)
}

DERIVATIVE decay {
    rising' = -rising/tau1
    falling' = -falling/tau2
}

NET_RECEIVE(weight) {
    rising = rising + weight*scale
    falling = falling + weight*scale
}
