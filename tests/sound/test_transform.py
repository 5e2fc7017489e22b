"""Lengths of which a Fourier transform is fast."""

import pytest

from voiceguide.sound.transform import fast_length


@pytest.mark.parametrize(("length", "fast"), [(1, 1), (7, 8), (16, 16), (97, 100), (4801, 4860)])
def test_the_next_length_of_small_factors_is_taken(length, fast):
    assert fast_length(length) == fast
