"""Writes draws.json: the first initial values of some parameters, as bits of float32.

It follows what package rng writes down, in Python's integers, and shares no code with it:

    python3 draws.py > draws.json
"""

import json
import math
import struct
from decimal import Decimal, getcontext

getcontext().prec = 50

M64 = (1 << 64) - 1


def mix(z):
    z = (z + 0x9E3779B97F4A7C15) & M64
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & M64
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & M64
    return z ^ z >> 31


def key(seed, name):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & M64
    return mix(mix(seed) ^ h)


def block(k, hi, lo):
    """Philox4x32-10 of the counter (lo, lo>>32, hi, hi>>32)."""
    c = [lo & 0xFFFFFFFF, lo >> 32, hi & 0xFFFFFFFF, hi >> 32]
    k = [k & 0xFFFFFFFF, k >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & 0xFFFFFFFF, a >> 32 ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def float32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def bits(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


def uniform(seed, name, n, bound):
    """The product of two float32s is exact in a float64, so packing rounds once."""
    k = key(seed, name)
    return [bits(((block(k, 0, i // 4)[i % 4] >> 8) - 2**23) * 2.0**-23 * bound) for i in range(n)]


def series(first, factor):
    """The sum of terms of which term k+1 is term k times factor(k), to all 50 digits."""
    total, term, k = Decimal(0), first, 0
    while total + term != total:
        total, term, k = total + term, term * factor(k), k + 1
    return total


def arctan(x):
    """By the series of x/(1 + x²), which has no signs that alternate."""
    y = x * x / (1 + x * x)
    return series(x / (1 + x * x), lambda k: y * (2 * k + 2) / (2 * k + 3))


PI = 4 * (4 * arctan(Decimal(1) / 5) - arctan(Decimal(1) / 239))  # Machin


def normal(seed, name, n, std):
    """What the description says of real numbers, to 50 digits: a float64 is near enough to round the same."""
    k, values = key(seed, name), []
    for i in range(0, n + n % 2, 2):
        a, b = block(k, 0, i // 4)[i % 4 : i % 4 + 2]
        r = (-2 * ((Decimal(a) + Decimal("0.5")) / 2**32).ln()).sqrt()
        angle = 2 * PI * Decimal(b) / 2**32
        square = angle * angle
        cos = series(Decimal(1), lambda k: -square / ((2 * k + 1) * (2 * k + 2)))
        sin = series(angle, lambda k: -square / ((2 * k + 2) * (2 * k + 3)))
        values += [r * cos, r * sin]
    return [bits(float(v * Decimal(std))) for v in values[:n]]


# The published answers of Philox4x32-10, so that the script itself is right.
assert block(0, 0, 0) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert block(M64, M64, M64) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]

draws = []
for seed, name, shape in [
    (0, "linear1.weight", [1, 10]),
    (0, "linear1.bias", [3]),
    (1, "linear1.weight", [5, 3]),
    (2**64 - 1, "encoder.0.linear2.weight", [2, 784]),
    (42, "größe.weight", [7, 6]),
]:
    bound, std = float32(1 / math.sqrt(shape[-1])), float32(0.02 * shape[-1])
    n = min(math.prod(shape), 24)
    draws.append({"Seed": seed, "Name": name, "Shape": shape,
                  "Bound": bits(bound), "Uniform": uniform(seed, name, n, bound),
                  "Std": bits(std), "Normal": normal(seed, name, n, std)})
print("[\n" + ",\n".join(json.dumps(d, ensure_ascii=False) for d in draws) + "\n]")
