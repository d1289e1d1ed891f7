TITLE Calls in conditions of loops: each is expanded twice

NEURON {
    SUFFIX x
    NONSPECIFIC_CURRENT i
    RANGE a
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a
}

BREAKPOINT {
    i = f0(v)
}

FUNCTION f0(x) {
    while (f1(x) > 1) {
        a = a + 1
    }
    f0 = a
}

FUNCTION f1(x) {
    while (f2(x) > 1) {
        a = a + 1
    }
    f1 = a
}

FUNCTION f2(x) {
    while (f3(x) > 1) {
        a = a + 1
    }
    f2 = a
}

FUNCTION f3(x) {
    while (f4(x) > 1) {
        a = a + 1
    }
    f3 = a
}

FUNCTION f4(x) {
    while (f5(x) > 1) {
        a = a + 1
    }
    f4 = a
}

FUNCTION f5(x) {
    while (f6(x) > 1) {
        a = a + 1
    }
    f5 = a
}

FUNCTION f6(x) {
    while (f7(x) > 1) {
        a = a + 1
    }
    f6 = a
}

FUNCTION f7(x) {
    while (f8(x) > 1) {
        a = a + 1
    }
    f7 = a
}

FUNCTION f8(x) {
    while (f9(x) > 1) {
        a = a + 1
    }
    f8 = a
}

FUNCTION f9(x) {
    while (f10(x) > 1) {
        a = a + 1
    }
    f9 = a
}

FUNCTION f10(x) {
    while (f11(x) > 1) {
        a = a + 1
    }
    f10 = a
}

FUNCTION f11(x) {
    while (f12(x) > 1) {
        a = a + 1
    }
    f11 = a
}

FUNCTION f12(x) {
    while (f13(x) > 1) {
        a = a + 1
    }
    f12 = a
}

FUNCTION f13(x) {
    while (f14(x) > 1) {
        a = a + 1
    }
    f13 = a
}

FUNCTION f14(x) {
    while (f15(x) > 1) {
        a = a + 1
    }
    f14 = a
}

FUNCTION f15(x) {
    while (f16(x) > 1) {
        a = a + 1
    }
    f15 = a
}

FUNCTION f16(x) {
    while (f17(x) > 1) {
        a = a + 1
    }
    f16 = a
}

FUNCTION f17(x) {
    while (f18(x) > 1) {
        a = a + 1
    }
    f17 = a
}

FUNCTION f18(x) {
    while (f19(x) > 1) {
        a = a + 1
    }
    f18 = a
}

FUNCTION f19(x) {
    while (f20(x) > 1) {
        a = a + 1
    }
    f19 = a
}

FUNCTION f20(x) {
    f20 = x*a
}
