"""Kaldi's binary format, as far as Vosk's ``am/final.mdl`` needs it."""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class Writer:
    """Collects the bytes of a file."""

    def __init__(self) -> None:
        self.data = bytearray(b"\0B")

    def token(self, text: str) -> None:
        """A word and a space."""
        self.data += text.encode() + b" "

    def integer(self, value: int) -> None:
        """32 bits."""
        self.data += b"\x04" + struct.pack("<i", value)

    def single(self, value: float) -> None:
        """A float of 32 bits."""
        self.data += b"\x04" + struct.pack("<f", value)

    def double(self, value: float) -> None:
        """A float of 64 bits."""
        self.data += b"\x08" + struct.pack("<d", value)

    def integers(self, values: Sequence[int]) -> None:
        """A vector of integers."""
        self.integer(len(values))
        self.data += struct.pack(f"<{len(values)}i", *values)

    def vector(self, values: Array) -> None:
        """A vector of floats."""
        self.token("FV")
        self.integer(len(values))
        self.data += np.asarray(values, "<f4").tobytes()

    def matrix(self, values: Array) -> None:
        """A matrix of floats, shape (rows, columns)."""
        self.token("FM")
        self.integer(values.shape[0])
        self.integer(values.shape[1])
        self.data += np.ascontiguousarray(values, "<f4").tobytes()

    def compressed(self, values: Array) -> None:
        """The same in half the bytes: 16 bits between the smallest and the largest value.

        Kaldi's format ``CM2``; its matrices read it wherever they read ``FM``.
        """
        low, high = float(values.min()), float(values.max())
        span = max(high - low, 1e-9)
        self.token("CM2")
        self.data += struct.pack("<ffii", low, span, *values.shape)
        whole = np.round((values.astype(np.float64) - low) / span * 65535)
        self.data += np.ascontiguousarray(whole, "<u2").tobytes()
