NEURON {
    ARTIFICIAL_CELL Example
    POINTER ptr
}
ASSIGNED { ptr size }
INITIAL {
VERBATIM
    void* vv = *((void**)(&_p_ptr));
    if (vv) {
        size = vector_capacity(vv);
    }
ENDVERBATIM
}
PROCEDURE play() {
VERBATIM
    void** vv = (void**)(&_p_ptr);
    *vv = vector_arg(1);
ENDVERBATIM
}
