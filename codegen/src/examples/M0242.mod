NEURON {
    SUFFIX example
    USEION nn READ nni VALENCE 1
    USEION nn READ nno VALENCE 2
}
