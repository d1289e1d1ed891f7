TITLE A COMMENT without its end
COMMENT
A leak. The end of this comment is misspelt.
END COMMENT
NEURON {
    SUFFIX quiet
    NONSPECIFIC_CURRENT i
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
BREAKPOINT {
    i = 0.001*(v + 65)
}
