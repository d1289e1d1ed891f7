NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
    GLOBAL factor
}
ASSIGNED { v (mV) i (mA/cm2) celsius (degC) gate factor }
BREAKPOINT {
    rates(v)
    i = 0.001 * factor * gate * (v + 65)
}
PROCEDURE rates(u (mV)) {
    TABLE gate DEPEND celsius FROM -100 TO 100 WITH 200
    factor = 3 ^ ((celsius - 23) / 10)
    gate = 1 / (1 + exp(-(u + 40) / 5))
}
