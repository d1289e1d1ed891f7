NEURON {
    SUFFIX example
    NONSPECIFIC_CURRENT i
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    i = f0(v)
}
FUNCTION f0(x) {
    f0 = f1(x) + f1(x)
}
FUNCTION f1(x) {
    f1 = f2(x) + f2(x)
}
FUNCTION f2(x) {
    f2 = f3(x) + f3(x)
}
FUNCTION f3(x) {
    f3 = f4(x) + f4(x)
}
FUNCTION f4(x) {
    f4 = f5(x) + f5(x)
}
FUNCTION f5(x) {
    f5 = f6(x) + f6(x)
}
FUNCTION f6(x) {
    f6 = f7(x) + f7(x)
}
FUNCTION f7(x) {
    f7 = f8(x) + f8(x)
}
FUNCTION f8(x) {
    f8 = f9(x) + f9(x)
}
FUNCTION f9(x) {
    f9 = f10(x) + f10(x)
}
FUNCTION f10(x) {
    f10 = f11(x) + f11(x)
}
FUNCTION f11(x) {
    f11 = f12(x) + f12(x)
}
FUNCTION f12(x) {
    f12 = f13(x) + f13(x)
}
FUNCTION f13(x) {
    f13 = f14(x) + f14(x)
}
FUNCTION f14(x) {
    f14 = x
}
