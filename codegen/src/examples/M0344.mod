NEURON { SUFFIX example }
INITIAL {
VERBATIM
    Symbol* s = hoc_lookup("callback");
    if (s) {
        hoc_pushx(1.0);
        hoc_call_func(s, 1);
    }
ENDVERBATIM
}
