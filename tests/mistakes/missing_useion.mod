TITLE An ion's variables are used without USEION
NEURON {
    SUFFIX nachan
    RANGE gbar
}
PARAMETER { gbar = 0.1 (S/cm2) }
ASSIGNED { v (mV) }
BREAKPOINT {
    ina = gbar*(v - ena)
}
