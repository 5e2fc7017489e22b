"""Finds lengths at which a Fourier transform is fast: those with a large prime factor are slow."""


def fast_length(length: int) -> int:
    """The next length whose only prime factors are 2, 3 and 5."""
    candidate = length
    while True:
        rest = candidate
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return candidate
        candidate += 1
