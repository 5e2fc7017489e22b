"""A whole training in the simulated bathroom: the real voice, the real ears, a synthetic person."""

import tomllib
from datetime import date

import numpy as np
import pytest
import soundfile
from rich.console import Console
from support.classroom import Classroom, Person, a_second_of, understand
from support.loaded import load_once

from voiceguide.core.decision.personal import Why
from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.edge.ears.personal_file import (
    Personal,
    model_digest,
    read_personal,
    write_personal,
)
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.rehearsal.air import TAP
from voiceguide.settings.tables import Settings
from voiceguide.teaching.takes import Flaw
from voiceguide.teaching.training import TrainingOptions, train


@pytest.fixture(autouse=True)
def once(monkeypatch, tmp_path):
    """The model is loaded once, and a second of water is heard, not ten."""
    load_once(monkeypatch, "voiceguide.teaching.training.Recogniser")
    monkeypatch.setattr("voiceguide.teaching.training.TAP", a_second_of(TAP, tmp_path))


@pytest.fixture(scope="module")
def person_folder(tmp_path_factory):
    """Where the words are that a person has said: each is rendered once."""
    return tmp_path_factory.mktemp("person")


@pytest.fixture
def in_quiet(monkeypatch):
    """Takes are heard as they are and not beside water too, which takes most of the time."""
    monkeypatch.setattr("voiceguide.teaching.measuring.CONDITIONS", (None,))


@pytest.fixture(params=["understood", pytest.param("heard", marks=pytest.mark.long)])
def ears(request, monkeypatch):
    """Takes are understood for what the person said; or the real ears hear them, which takes most
    of the time.
    """
    if request.param == "understood":
        understand(monkeypatch)


def trained(tmp_path, person, words, takes=2, dry=True, **more):
    """What was found, and what was shown."""
    room = Classroom(person, dry=dry)
    options = TrainingOptions(
        tmp_path / "settings.personal.toml", Settings(), words=words, takes=takes, **more
    )
    console = Console(file=room.screen, width=200)
    findings = train(options, console, room)
    return findings, room.screen.getvalue()


@pytest.mark.parametrize(
    "words",
    [("next",), pytest.param(("next", "pause"), marks=pytest.mark.long)],
    ids=["one", "two"],
)
def test_a_person_is_led_through_the_words_and_the_scores_are_kept(
    tmp_path, person_folder, monkeypatch, words
):
    # As they are, and beside the water at its loudest.
    monkeypatch.setattr("voiceguide.teaching.measuring.CONDITIONS", (None, 6.0))
    findings, shown = trained(tmp_path, Person(person_folder), words, takes=1, dry=False)
    assert f"1 of {len(words)}: next" in shown
    assert shown.count("… got it") == len(words)
    assert len(findings.before) == len(findings.after) == 2 * len(words)
    assert sum(verdict.right for verdict in findings.after) >= sum(
        verdict.right for verdict in findings.before
    )
    kept = read_personal(tmp_path / "settings.personal.toml")
    assert kept is not None
    assert kept.takes == len(words)
    assert set(kept.scores) == {text for text, bar in findings.bars.items() if bar.lowered}
    assert not list(tmp_path.glob("*.wav"))


SLIPS = (
    (None, Flaw.SILENT.value),
    (-48.0, Flaw.SOFT.value),
    (45.0, Flaw.CLIPPED.value),
    ("the serum goes on the cheeks and on the neck", Flaw.LONG.value),
    ("repeat", "another word (“repeat”)"),
)


def test_a_take_of_no_use_is_asked_for_once_more(tmp_path, person_folder, in_quiet, ears):
    # After a good take, two slips come before each of the others, as many as are forgiven.
    slips = {1 + number + number // 2: slip for number, (slip, _) in enumerate(SLIPS)}
    person = Person(person_folder, slips)
    count = 1 + (len(SLIPS) + 1) // 2
    findings, shown = trained(tmp_path, person, ("next",), takes=count)
    assert person.knocks == count + len(SLIPS)
    for number, (_, told) in enumerate(SLIPS):
        take = 2 + number // 2
        # Very soft words may drown wholly in the room: then nothing was said.
        wanted = (told, Flaw.SILENT.value) if told == Flaw.SOFT.value else (told,)
        found = [f"take {take} of {count}: say it … {each}" in shown for each in wanted]
        assert any(found), shown
    assert shown.count("… got it") == count
    assert {verdict.take for verdict in findings.before} == set(range(count))


def test_a_word_that_is_always_taken_for_another_counts_against_the_ears(
    tmp_path, person_folder, in_quiet, ears
):
    person = Person(person_folder, dict.fromkeys(range(2, 8), "repeat"))
    findings, shown = trained(tmp_path, person, ("repeat", "next"))
    assert person.knocks == 2 + 2 * 3
    assert shown.count("… got it") == 4
    assert findings.bars["next"].why is Why.UNHEARD
    assert not findings.bars["repeat"].lowered
    assert "“next” as “repeat”" in shown


def test_a_take_that_fails_three_times_is_left_out(tmp_path, person_folder, in_quiet, ears):
    long = "the serum goes on the cheeks and on the neck"
    person = Person(person_folder, dict.fromkeys((1, 2, 3), long))
    findings, shown = trained(tmp_path, person, ("next",), takes=3)
    assert person.knocks == 5
    assert "left out" in shown
    assert {verdict.take for verdict in findings.before} == {0, 1}


def test_where_nobody_speaks_it_ends_and_changes_nothing(tmp_path, person_folder):
    with pytest.raises(DeviceError, match="nothing was heard"):
        trained(tmp_path, Person(person_folder, dict.fromkeys(range(9))), ("next",))
    assert not list(tmp_path.glob("*.toml"))


def test_stopped_in_the_middle_nothing_is_left(tmp_path, person_folder, in_quiet):
    class Leaving(Person):
        def utterance(self):
            if self.knocks == 1:
                raise KeyboardInterrupt
            return super().utterance()

    keep = tmp_path / "takes"
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, Leaving(person_folder), ("next",), keep=keep)
    assert not list(keep.iterdir())
    assert not list(tmp_path.glob("*.toml*"))


def test_kept_takes_can_be_learnt_from_again(tmp_path, person_folder, in_quiet):
    keep = tmp_path / "takes"
    first, _ = trained(tmp_path, Person(person_folder), ("how long",), keep=keep)
    names = sorted(path.name for path in keep.iterdir())
    assert names == ["how-long-1.wav", "how-long-2.wav"]
    for name in names:
        is_a_word_with_its_margins(keep / name)
    path = tmp_path / "settings.personal.toml"
    before = tomllib.loads(path.read_text())["scores"]
    again = train(
        TrainingOptions(path, Settings(), folder=keep), Console(file=Screenless(), width=200)
    )
    assert set(again.bars) == set(first.bars)
    # Which noise a take gets depends on its order; the scores are alike, not equal.
    after = tomllib.loads(path.read_text())["scores"]
    for text in before.keys() & after.keys():
        assert abs(before[text] - after[text]) < 0.15
    with pytest.raises(SettingsError, match="holds takes already"):
        trained(tmp_path, Person(person_folder), ("next",), keep=keep)


def is_a_word_with_its_margins(path):
    """No prompt and no bell of the guide's: its own voice is in no take."""
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 16_000
    assert len(samples) < 2.5 * rate
    lead = samples[: round(0.25 * rate)]
    assert np.abs(lead).max() < 0.1 * np.abs(samples).max(), path


class Screenless:
    """Shows nothing."""

    encoding = "utf-8"

    def write(self, text):
        return len(text)

    def flush(self):
        pass


def test_only_some_words_are_trained_and_the_scores_of_others_stay(
    tmp_path, person_folder, in_quiet
):
    path, model = tmp_path / "settings.personal.toml", resolve_model(None)
    earlier = {"next": 0.66, "repeat": 0.57}
    write_personal(path, Personal(date(2026, 1, 1), 4, model.name, model_digest(model), earlier))
    trained(tmp_path, Person(person_folder), ("next",))
    kept = read_personal(path)
    assert kept is not None
    assert kept.takes == 2
    assert kept.scores["repeat"] == 0.57
    assert kept.scores.get("next") != 0.66
