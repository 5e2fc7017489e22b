"""How long a Fourier transform is taken so that it is fast: a length with a large prime is slow."""


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
