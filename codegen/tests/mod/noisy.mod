NEURON { POINT_PROCESS Noisy  RANGE u, e, n  BBCOREPOINTER rng }
VERBATIM
#ifndef NRN_VERSION_GTEQ_8_2_0
#include "nrnran123.h"
#endif
static double twice(double x) { return 2 * x; }
#define STREAM ((nrnran123_State*)_p_rng)
ENDVERBATIM
ASSIGNED { u e n rng }
INITIAL {
VERBATIM
  if (_p_rng) { nrnran123_setseq(STREAM, 7, 2); }
ENDVERBATIM
}
BREAKPOINT { SOLVE draw }
PROCEDURE draw() {
  u = urand()
  e = erand()
VERBATIM
  {
    int i; double sum = 0;
    for (i = 0; i < 3; i++) { sum += nrnran123_normal(STREAM) / (1 + i); }
    n = sum > 0 ? twice(sum) : -sum;
  }
ENDVERBATIM
}
FUNCTION urand() {
VERBATIM
  double value;
  if (_p_rng) {
    value = nrnran123_dblpick(STREAM);
  } else {
    value = -1;
  }
  _lurand = value;
ENDVERBATIM
}
FUNCTION erand() {
VERBATIM
  if (_p_rng) {
    return nrnran123_negexp(STREAM);
  } else {
ENDVERBATIM
    erand = exprand(1)
VERBATIM
  }
ENDVERBATIM
}
PROCEDURE setRNG() {
VERBATIM
  nrnran123_State** pv = (nrnran123_State**)(&_p_rng);
  if (*pv) { nrnran123_deletestream(*pv); *pv = (nrnran123_State*)0; }
  if (ifarg(3)) {
    *pv = nrnran123_newstream3((uint32_t)*getarg(1), (uint32_t)*getarg(2), (uint32_t)*getarg(3));
  }
ENDVERBATIM
}
VERBATIM
static void bbcore_write(double* z, int* d, int* zz, int* dd, _threadargsproto_) {}
static void bbcore_read(double* z, int* d, int* zz, int* dd, _threadargsproto_) {}
ENDVERBATIM
