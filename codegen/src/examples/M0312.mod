NEURON {
    SUFFIX example
    USEION ca READ cai
}
ASSIGNED { cai (mM) }
INITIAL {
    cai = 1e-4
}
