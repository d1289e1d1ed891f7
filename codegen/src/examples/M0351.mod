NEURON {
    ARTIFICIAL_CELL Example
    POINTER ptr
}
ASSIGNED { ptr y }
INITIAL {
VERBATIM
    y = vector_capacity((void*)_p_ptr);
ENDVERBATIM
}
