TITLE Elements of an array as indices of one another

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a
    w[4]
}

BREAKPOINT {
    i = w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[w[a]]]]]]]]]]]]]]]]]]]]]]]]*v
    w[at_time(at_time(at_time(at_time(at_time(at_time(at_time(at_time(at_time(at_time(a))))))))))] = v
}
