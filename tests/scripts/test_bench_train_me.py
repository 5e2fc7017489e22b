"""`scripts/bench_train_me`: a voice trains the ears, other takes of it are counted."""

from pathlib import Path

import bench.train_me.command as bench
import pytest
import soundfile
from support.classroom import a_second_of
from support.loaded import load_once

from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.models.model_store import DEFAULT_MODEL, resolve_model
from voiceguide.rehearsal.air import TAP


def test_a_voice_is_counted_before_and_after_it_trained_the_ears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_once(
        monkeypatch, "voiceguide.teaching.training.Recogniser", "bench.train_me.command.Recogniser"
    )
    monkeypatch.setattr("voiceguide.teaching.training.TAP", a_second_of(TAP, tmp_path))
    for name in ("voiceguide.teaching.measuring.CONDITIONS", "bench.train_me.command.CONDITIONS"):
        monkeypatch.setattr(name, (None,))
    monkeypatch.setattr(bench, "essential", lambda book: (book.find("next"),))
    monkeypatch.setattr(bench, "TAUGHT", (140, 160))
    monkeypatch.setattr(bench, "TOLD", (150,))
    words = tmp_path / "audio" / "words"
    words.mkdir(parents=True)
    (words / "words.tsv").write_text("file\tspeaker\ttext\nquiet.wav\tanna\tcat\n")
    soundfile.write(words / "quiet.wav", [0.0] * EAR_RATE_HZ, EAR_RATE_HZ)
    found = list(bench.measured(resolve_model(DEFAULT_MODEL), tmp_path / "audio", ("gmw/en-us",)))
    assert found == [
        bench.Counted("gmw/en-us", "quiet", 1, (1, 1), (0, 0)),
        bench.Counted("gmw/en-us", bench.WORDS, 1, (0, 0), (0, 0)),
    ]


def test_the_scores_of_a_training_count_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    monkeypatch.setattr(
        bench.Pupil, "obeyed", lambda _, sound, thresholds: heard.append(thresholds) or []
    )
    monkeypatch.setattr(bench, "CONDITIONS", (None,))
    book = bench.everything()
    monkeypatch.setattr(bench, "essential", lambda _: (book.find("next"),))
    personal = Thresholds(personal={"next": 0.4})
    pupil = bench.Pupil("gmw/en-us", None, book)
    (counted,) = pupil.count(personal)
    assert heard == [Thresholds(), personal] * 3
    assert (counted.right, counted.wrong, counted.n) == ((0, 0), (0, 0), 3)
