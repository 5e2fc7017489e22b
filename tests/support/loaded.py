"""The real recogniser, loaded once for all tests of a process: that takes longer than a word."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from voiceguide.edge.ears.recogniser import Load, Recogniser, load_here

_loaded = cache(Recogniser)


def load_once(patch: pytest.MonkeyPatch, *places: str) -> None:
    """Whoever makes a ``Recogniser`` by its name in one of these places is given the same one."""

    def recogniser(
        folder: Path,
        pronunciations: Mapping[str, Sequence[str]] | None = None,
        load: Load = load_here,
    ) -> Recogniser:
        if pronunciations or load is not load_here:
            return Recogniser(folder, pronunciations, load)
        return _loaded(folder)

    for place in places:
        patch.setattr(place, recogniser)
