"""In how many ways an utterance is heard again."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from voiceguide.core.decision.votes import Ask
from voiceguide.edge.ears import rehearing
from voiceguide.edge.ears.rehearing import Rehearing

NOW = 2.0
KNOWN = ("next", "stop")


class Recogniser:
    """One that writes nothing, and counts how often it is asked to."""

    def __init__(self, folder: Path, phrases: Sequence[str] | None) -> None:
        self.folder = folder
        self.second_opinion = phrases and SimpleNamespace(phrases=phrases)
        self.heard = 0

    def known(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(words)

    def stream(self, grammar: Iterable[str]) -> "Recogniser":
        return self

    def whole(self, sound: bytes) -> SimpleNamespace:
        self.heard += 1
        return SimpleNamespace(text="", confidence=0.0, start_seconds=0.0, end_seconds=0.0)


def hearings(
    recogniser: Recogniser, texts: Sequence[str], *, over_guide: bool = False, asleep: bool = False
) -> int:
    """How many there are when each could change something."""
    made = Rehearing(recogniser, ["cat"])
    made.renew(texts, asleep=asleep)
    for _ in range(40):
        made.keep(np.zeros(800, np.int16))
    ask = Ask(0.5, 1.5, NOW, None, guide_sounds=over_guide)
    votes = made.votes(ask, NOW, lambda asked, votes, most: len(votes) < most)
    assert len(votes) == recogniser.heard == len(made.hearings(ask))
    return recogniser.heard


def test_two_do_where_a_second_opinion_knows_every_phrase(tmp_path: Path) -> None:
    assert hearings(Recogniser(tmp_path, KNOWN), ["next"]) == 2


@pytest.mark.parametrize(
    ("phrases", "texts", "over_guide"),
    [(KNOWN, ("next", "onward"), False), (KNOWN, ("next",), True), (None, ("next",), False)],
    ids=["a word of one's own", "over the guide", "no second opinion"],
)
def test_else_there_are_four(
    tmp_path: Path, phrases: Sequence[str] | None, texts: Sequence[str], over_guide: bool
) -> None:
    assert hearings(Recogniser(tmp_path, phrases), texts, over_guide=over_guide) == 4


def test_a_call_is_heard_three_times(tmp_path: Path) -> None:
    assert hearings(Recogniser(tmp_path, ("hey guide",)), ["hey guide"], asleep=True) == 3
    made = Rehearing(Recogniser(tmp_path, KNOWN), [])
    made.renew(["next"], asleep=False)
    assert len(made.hearings(Ask(0, 1, 1, None, guide_sounds=False))) == 2


def test_a_large_network_hears_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / "am/final.mdl").write_bytes(b"12345")
    monkeypatch.setattr(rehearing, "SMALL_MODEL_BYTES", 5)
    assert hearings(Recogniser(tmp_path, None), ["next"]) == 1
