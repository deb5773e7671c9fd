import numpy as np

# ---- Random numbers: nnc's, so that start, split, order and masks are the same ---------------------------------------

M64 = (1 << 64) - 1


class Stream:
    """Numbers that depend on seed, name and position alone: Philox4x32-10 (Salmon et al., SC 2011)."""

    def __init__(self, seed: int, name: str):
        def mix(z):  # the finaliser of SplitMix64
            z = (z + 0x9E3779B97F4A7C15) & M64
            z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & M64
            z = ((z ^ z >> 27) * 0x94D049BB133111EB) & M64
            return z ^ z >> 31

        hashed = 0xCBF29CE484222325  # FNV-1a
        for byte in name.encode():
            hashed = ((hashed ^ byte) * 0x100000001B3) & M64
        self.key = mix(mix(seed & M64) ^ hashed)

    def blocks(self, count: int, hi: int = 0, first: int = 0) -> np.ndarray:
        """The words at the positions (hi, first), (hi, first+1), …: uint32 [count, 4]."""
        words = np.empty((count, 4), dtype=np.uint32)
        for at in range(0, count, 1 << 16):  # as much as caches hold
            part = words[at : at + (1 << 16)]
            part[:] = self.at(hi, np.uint64(first + at) + np.arange(len(part), dtype=np.uint64))
        return words

    def at(self, hi, lo) -> np.ndarray:
        """The words at positions (hi, lo), which may be arrays: uint32 [..., 4]."""
        low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
        hi, lo = np.broadcast_arrays(np.asarray(hi, np.uint64), np.asarray(lo, np.uint64))
        c0, c1, c2, c3 = lo & low, lo >> half, hi & low, hi >> half
        k0, k1 = self.key & 0xFFFFFFFF, self.key >> 32
        for _ in range(10):
            p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
            c0, c1 = (p1 >> half) ^ c1 ^ np.uint64(k0), p1 & low
            c2, c3 = (p0 >> half) ^ c3 ^ np.uint64(k1), p0 & low
            k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
        return np.stack([c0, c1, c2, c3], axis=-1).astype(np.uint32)

    def uint64(self, i: int) -> int:
        """The number at position i."""
        low, high = self.blocks(1, first=i)[0, :2].tolist()
        return low | high << 32

    def uniform(self, n: int, bound: float) -> np.ndarray:
        """n numbers in [-bound, bound), float32."""
        words = self.blocks((n + 3) // 4).reshape(-1)[:n]
        k = (words >> np.uint32(8)).astype(np.int32) - (1 << 23)
        return k.astype(np.float32) * np.float32(2.0**-23) * np.float32(bound)

    def normal(self, n: int, deviation: float) -> np.ndarray:
        """n numbers from the normal distribution around 0, float32."""
        numbers = np.empty(((n + 3) // 4, 4), dtype=np.float32)
        for at in range(0, len(numbers), 1 << 16):
            part = numbers[at : at + (1 << 16)]
            part[:] = self.normals(len(part), first=at) * np.float64(np.float32(deviation))
        return numbers.reshape(-1)[:n]

    def normals(self, count: int, hi: int = 0, first: int = 0) -> np.ndarray:
        """Standard normal numbers of as many blocks (Box, Muller), float64 [count, 4]."""
        words = self.blocks(count, hi, first)
        radius = np.sqrt(-2 * logarithm((words[:, 0::2] + 0.5) * 2.0**-32))
        cosine, sine = turn(words[:, 1::2])
        return np.stack([radius * cosine, radius * sine], axis=2).reshape(count, 4)

    def permutation(self, n: int) -> np.ndarray:
        """A permutation of the integers from 0 to n - 1 (Fisher, Yates, from the last place down)."""
        words, place = self.blocks(n).astype(np.uint64), np.arange(1, n + 1, dtype=np.uint64)
        low = place * words[:, 0] >> np.uint64(32)  # the high word of place·draw, by halves of the draw
        takes = (place * words[:, 1] + low >> np.uint64(32)).tolist()
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = takes[i]
            order[i], order[j] = order[j], order[i]
        return np.array(order, dtype=np.int64)


def logarithm(u: np.ndarray) -> np.ndarray:
    """The natural logarithm of numbers in (0, 1), with the same bits on every machine."""
    m, k = np.frexp(u)
    m, k = m * 2, k - 1
    large = m > np.sqrt(2.0)
    m, k = np.where(large, m / 2, m), k + large
    s = (m - 1) / (m + 1)
    artanh = s * series(s * s, [1 / i for i in range(1, 22, 2)])
    return k * 6.93147180369123816490e-01 + (k * 1.90821492927058770002e-10 + 2 * artanh)


def turn(word: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cosine and the sine of word/2³² of a turn: of the angle to the nearest quarter, turned by that."""
    quarter = (word + np.uint32(1 << 29)) >> np.uint32(30)  # wraps around
    x = (word - (quarter << np.uint32(30))).astype(np.int32) * (np.pi / 2 / (1 << 30))
    square = x * x
    c = series(square, [1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800, 1 / 479001600, -1 / 87178291200,
                        1 / 20922789888000])
    s = x * series(square, [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800,
                            -1 / 1307674368000])
    quarter &= np.uint32(3)
    return np.choose(quarter, [c, -s, -c, s]), np.choose(quarter, [s, c, -s, -c])


def series(x: np.ndarray, coefficients: list[float]) -> np.ndarray:
    """c₀ + c₁·x + c₂·x² + …, from the last coefficient down."""
    result = np.zeros_like(x)
    for c in reversed(coefficients):
        result = result * x + c
    return result
