NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = factorial_of(3)
}
FUNCTION factorial_of(n) {
    if (n > 1) {
        factorial_of = n*factorial_of(n - 1)
    } else {
        factorial_of = 1
    }
}
