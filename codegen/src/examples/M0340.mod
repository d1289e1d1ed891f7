NEURON {
    SUFFIX example
    USEION ca READ cai WRITE cai
}
STATE { cai (mM) }
INITIAL {
    cai = cai0
}
