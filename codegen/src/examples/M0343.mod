NEURON { SUFFIX example }
STATE { m }
INITIAL { states() m = 0.5 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states { m' = -m }
