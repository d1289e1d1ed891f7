NEURON {
    POINT_PROCESS Example
    RANGE y
    POINTER p
}
ASSIGNED { y p }
INITIAL {
    y = draw()
}
FUNCTION draw() {
VERBATIM
    if (_p_p) {
        _ldraw = nrn_random_pick((Rand*)_p_p);
    }
ENDVERBATIM
}
