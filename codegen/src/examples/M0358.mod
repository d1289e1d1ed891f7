NEURON { SUFFIX ka RANGE minf }
PARAMETER { tau = 5 (ms) }
ASSIGNED { v (mV) minf }
BREAKPOINT { rates(v) }
PROCEDURE rates(u (mV)) {
  TABLE minf, tau FROM -100 TO 100 WITH 200
  minf = 1/(1 + exp(-(u + 14)/16.6))
}
