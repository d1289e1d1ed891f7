NEURON { POINT_PROCESS Group RANGE count }
ASSIGNED { count space }
NET_RECEIVE(w) {
  count = count + w
VERBATIM
  { void* vv = *((void**)(&space));
    double* times = vector_vec(vv);
    times[0] = t; }
ENDVERBATIM
}
