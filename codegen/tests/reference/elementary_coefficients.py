#!/usr/bin/env python3
"""Coefficients of the polynomials in codegen/src/elementary.

Each polynomial is the interpolant at Chebyshev nodes of the function stated beside it, computed with 60 digits and rounded
once to the target precision; those of the exponential, which simulations spend their time on, are the best of their degree
(Remez). Prints the coefficients and the relative error that the truncation causes.

    python elementary_coefficients.py
"""
import numpy as np
from mpmath import mp, mpf, cos, pi, exp, log, sin, atan, matrix, lu_solve, sqrt

mp.dps = 60


def interpolate(function, low, high, terms):
    """Coefficients c[0..terms] of the interpolant of `function` on [low, high]."""
    middle, half = (low + high) / 2, (high - low) / 2
    nodes = [middle + half * cos(pi * (2 * k + 1) / (2 * terms)) for k in range(terms)]
    system = matrix([[x**j for j in range(terms)] for x in nodes])
    return list(lu_solve(system, matrix([function(x) for x in nodes])))


def show(title, function, low, high, terms, weight):
    """Prints the coefficients for both precisions; `weight(x)` turns an error into a relative error of the result."""
    for kind, count in zip(("f64", "f32"), terms):
        if not count:
            continue
        coefficients = interpolate(function, mpf(low), mpf(high), count)
        points = [mpf(low) + (mpf(high) - mpf(low)) * (k + mpf(1) / 3) / 400 for k in range(400)]
        error = max(abs((sum(c * x**j for j, c in enumerate(coefficients)) - function(x)) * weight(x)) for x in points)
        print(f"{title} {kind}: truncation {mp.nstr(error, 3)}")
        for j, c in enumerate(coefficients):
            text = repr(float(c)) if kind == "f64" else str(np.float32(str(c)))
            print(f"    [{j}] {text}")


def best(function, weight, low, high, terms):
    """Coefficients for which the largest weighted error on [low, high] is smallest, and that error (Remez)."""
    points = [(low + high) / 2 - (high - low) / 2 * cos(pi * (k + mpf(1) / 99) / terms) for k in range(terms + 1)]
    for _ in range(20):
        rows = [[x**j for j in range(terms)] + [(-1) ** k / weight(x)] for k, x in enumerate(points)]
        coefficients = list(lu_solve(matrix(rows), matrix([function(x) for x in points])))[:terms]
        grid = [low + (high - low) * k / 2000 for k in range(2001)]
        errors = [weight(x) * (sum(c * x**j for j, c in enumerate(coefficients)) - function(x)) for x in grid]
        # The largest error between each two changes of sign.
        peaks = []
        for k, error in enumerate(errors):
            if peaks and (errors[peaks[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[peaks[-1]]):
                    peaks[-1] = k
            else:
                peaks.append(k)
        while len(peaks) > terms + 1:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        points = [grid[k] for k in peaks]
    return coefficients, max(abs(error) for error in errors)


# expm1(r) = r + r^2 (1/2 + r P(r)), |r| <= ln2/2 and a little.
r = mpf("0.3470")
sixth = lambda x: (exp(x) - 1 - x - x**2 / 2) / x**3 if abs(x) > mpf("1e-15") else mpf(1) / 6
relative = lambda x: x**3 / (exp(x) - 1) if abs(x) > mpf("1e-9") else mpf("1e-18")
for title, kind, high, terms in (
    ("expm1: P f64", float, r, 9),
    ("expm1: P f32", np.float32, r, 4),
    # Where e^x - 1 is not taken from e^x.
    ("expm1_of: P f32", np.float32, mpf("0.6"), 5),
):
    coefficients, error = best(sixth, relative, -high, high, terms)
    print(f"{title}: truncation {mp.nstr(error, 3)}")
    for j, c in enumerate(coefficients):
        print(f"    [{j}] {kind(str(c))!s}")
# log((1+s)/(1-s)) = 2s + s R(s^2), s^2 <= (sqrt2-1)^2/(sqrt2+1)^2
z = mpf("0.02945")
atanh_rest = lambda x: (2 * mp.atanh(sqrt(x)) / sqrt(x) - 2)
show("log: R/z", lambda x: atanh_rest(x) / x, mpf("1e-20"), z, (7, 4), lambda x: x / 2)
# log pair: 2s + 2/3 s^3 + s^5 Q(s^2)
show("log pair: Q", lambda x: (atanh_rest(x) - 2 * x / 3) / x**2, mpf("1e-18"), z, (8, 3), lambda x: x**2 / 2)
# sin r = r + r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2)
q = (pi / 4) ** 2 * mpf("1.001")
show("sin: S", lambda x: (sin(sqrt(x)) / sqrt(x) - 1) / x, mpf("1e-20"), q, (6, 4), lambda x: x)
show("cos: C", lambda x: (cos(sqrt(x)) - 1 + x / 2) / x**2, mpf("1e-20"), q, (6, 3), lambda x: x**2)
# atan r = r + r^3 A(r^2), |r| <= tan(pi/8)
t = (sqrt(2) - 1) ** 2 * mpf("1.001")
show("atan: A", lambda x: (atan(sqrt(x)) / sqrt(x) - 1) / x, mpf("1e-20"), t, (12, 5), lambda x: x)


def parts(title, value, bits):
    """`value` as a sum of numbers with the given counts of bits; the last takes the rest."""
    print(title)
    rest = value
    for b in bits:
        exponent = int(mp.floor(log(abs(rest), 2)))
        scale = mpf(2) ** (b - 1 - exponent)
        head = mp.nint(rest * scale) / scale if b >= 24 else mp.floor(rest * scale) / scale
        print(f"    {b} bits: {float(head)!r}")
        rest -= head


parts("ln2 f64", log(mpf(2)), (32, 53))
parts("ln2 f64, pow", log(mpf(2)), (42, 53))
parts("ln2 f32", log(mpf(2)), (9, 24))
parts("ln2 f32, pow", log(mpf(2)), (12, 24))
parts("pi/2 f64", pi / 2, (33, 33, 53))
parts("pi/2 f32", pi / 2, (8, 8, 8, 8, 24))
for name, value in (("log10(e)", 1 / log(mpf(10))), ("2/3", mpf(2) / 3), ("pi/4", pi / 4), ("pi/2", pi / 2)):
    parts(name + " f64 pair", value, (53, 53))
    parts(name + " f32 pair", value, (24, 24))
