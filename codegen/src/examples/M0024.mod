NEURON {
    SUFFIX example
}
STATE { m }
LINEAR equations {
    ~ m = 1
    ~+ m = 2
}
