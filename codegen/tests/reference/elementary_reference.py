#!/usr/bin/env python3
"""Writes elementary.tsv: values of the elementary functions to 100 bits, by mpmath 1.3.

Each line holds the function, the bits of x and y (y is 0 for functions of one argument), and the result as the bits of two
doubles whose sum it is.

    python elementary_reference.py > elementary.tsv
"""
import random
import struct

from mpmath import mp, mpf
import mpmath as m

mp.prec = 200
random.seed(20240229)
uniform = random.uniform
decades = lambda low, high: 10 ** uniform(low, high)
signed = lambda x: random.choice((-1, 1)) * x

FUNCTIONS = {
    "exp": (m.exp, [lambda: uniform(-700, 709), lambda: uniform(-5, 5), lambda: signed(decades(-12, 0))]),
    "expm1": (m.expm1, [lambda: uniform(-1.2, 1.2), lambda: uniform(-40, 700), lambda: signed(decades(-300, 0))]),
    "exprelr": (
        lambda x: x / m.expm1(x),
        [lambda: uniform(-1.2, 1.2), lambda: uniform(-700, 700), lambda: signed(decades(-300, 0))],
    ),
    "log": (m.log, [lambda: decades(-320, 308), lambda: uniform(0.5, 2), lambda: 1 + signed(decades(-15, -1))]),
    "log10": (m.log10, [lambda: decades(-320, 308), lambda: uniform(0.5, 2), lambda: 10.0 ** random.randint(-20, 22)]),
    "sin": (m.sin, [lambda: uniform(-4, 4), lambda: uniform(-1e5, 1e5)]),
    "cos": (m.cos, [lambda: uniform(-4, 4), lambda: uniform(-1e5, 1e5)]),
    "tan": (m.tan, [lambda: uniform(-4, 4), lambda: uniform(-1e5, 1e5)]),
    "sinh": (m.sinh, [lambda: uniform(-1, 1), lambda: uniform(-700, 700), lambda: signed(decades(-200, 0))]),
    "cosh": (m.cosh, [lambda: uniform(-1, 1), lambda: uniform(-700, 700)]),
    "tanh": (m.tanh, [lambda: uniform(-1, 1), lambda: uniform(-20, 20), lambda: signed(decades(-200, 0))]),
    "atan": (m.atan, [lambda: uniform(-3, 3), lambda: signed(decades(-20, 20))]),
}
PAIRS = {
    "pow": (m.power, [
        lambda: (decades(-3, 3), uniform(-5, 5)),
        lambda: (float(random.randint(2, 20)), float(random.randint(-6, 6))),
        lambda: (random.choice((2.0, 2.3, 3.0, 2.7)), uniform(-3, 3)),
        lambda: (decades(-10, 10), uniform(-30, 30)),
    ]),
    "fmod": (lambda x, y: m.fmod(x, y), [lambda: (uniform(0, 1e6), uniform(0.01, 100))]),
}


def bits(x):
    return struct.pack(">d", x).hex()


def line(name, x, y, value):
    high = float(value)
    print(name, bits(x), bits(y), bits(high), bits(float(value - mpf(high))), sep="\t")


for name, (function, samplers) in FUNCTIONS.items():
    for sampler in samplers:
        for _ in range(40):
            x = sampler()
            line(name, x, 0.0, function(mpf(x)))
for name, (function, samplers) in PAIRS.items():
    for sampler in samplers:
        for _ in range(40):
            x, y = sampler()
            line(name, x, y, function(mpf(x), mpf(y)))
