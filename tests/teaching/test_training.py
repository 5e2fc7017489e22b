"""A whole training in the simulated bathroom: the real voice, the real ears, a synthetic person."""

import re
import tomllib

import numpy as np
import pytest
import soundfile
from rich.console import Console
from support.classroom import Classroom, Person

from voiceguide.core.decision.personal import Why
from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.edge.ears.personal_file import read_personal
from voiceguide.settings.tables import Settings
from voiceguide.teaching.takes import Flaw
from voiceguide.teaching.training import TrainingOptions, train


@pytest.fixture
def person_folder(tmp_path):
    return tmp_path / "person"


def trained(tmp_path, person, words, takes=2, dry=True, **more):
    """What was found, and what was shown."""
    room = Classroom(person, dry=dry)
    options = TrainingOptions(
        tmp_path / "settings.personal.toml", Settings(), words=words, takes=takes, **more
    )
    console = Console(file=room.screen, width=200)
    findings = train(options, console, room)
    return findings, room.screen.getvalue()


def test_a_person_is_led_through_the_words_and_the_scores_are_kept(tmp_path, person_folder):
    findings, shown = trained(tmp_path, Person(person_folder), ("next", "pause"), dry=False)
    assert "1 of 2: next" in shown
    assert shown.count("… got it") == 4
    assert len(findings.before) == len(findings.after) == 2 * 2 * 3
    assert sum(verdict.right for verdict in findings.after) >= sum(
        verdict.right for verdict in findings.before
    )
    kept = read_personal(tmp_path / "settings.personal.toml")
    assert kept is not None
    assert kept.takes == 4
    assert set(kept.scores) == {text for text, bar in findings.bars.items() if bar.lowered}
    assert not list(tmp_path.glob("*.wav"))


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (None, Flaw.SILENT.value),
        (-48.0, Flaw.SOFT.value),
        (45.0, Flaw.CLIPPED.value),
        ("the serum goes on the cheeks and on the neck", Flaw.LONG.value),
        ("repeat", "another word (“repeat”)"),
    ],
)
def test_a_take_of_no_use_is_asked_for_once_more(tmp_path, person_folder, slip, told):
    person = Person(person_folder, {1: slip})
    findings, shown = trained(tmp_path, person, ("next",))
    assert person.knocks == 3
    # Very soft words may drown wholly in the room: then nothing was said.
    wanted = (told, Flaw.SILENT.value) if told == Flaw.SOFT.value else (told,)
    assert any(f"take 2 of 2: say it … {each}" in shown for each in wanted), shown
    assert shown.count("… got it") == 2
    assert {verdict.take for verdict in findings.before} == {0, 1}


def test_a_word_that_is_always_taken_for_another_counts_against_the_ears(tmp_path, person_folder):
    person = Person(person_folder, dict.fromkeys(range(2, 8), "repeat"))
    findings, shown = trained(tmp_path, person, ("repeat", "next"))
    assert person.knocks == 2 + 2 * 3
    assert shown.count("… got it") == 4
    assert findings.bars["next"].why is Why.UNHEARD
    assert not findings.bars["repeat"].lowered
    assert "“next” as “repeat”" in shown


def test_a_take_that_fails_three_times_is_left_out(tmp_path, person_folder):
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


def test_stopped_in_the_middle_nothing_is_left(tmp_path, person_folder):
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


def test_kept_takes_can_be_learnt_from_again(tmp_path, person_folder):
    keep = tmp_path / "takes"
    first, _ = trained(tmp_path, Person(person_folder), ("next", "how long"), keep=keep)
    names = sorted(path.name for path in keep.iterdir())
    assert names == ["how-long-1.wav", "how-long-2.wav", "next-1.wav", "next-2.wav"]
    assert soundfile.info(keep / names[0]).samplerate == 16_000
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


class Screenless:
    """Shows nothing."""

    encoding = "utf-8"

    def write(self, text):
        return len(text)

    def flush(self):
        pass


def test_the_guides_own_voice_is_in_no_take(tmp_path, person_folder):
    """Takes hold the word with its margins: no prompt, no bell."""
    keep = tmp_path / "takes"
    trained(tmp_path, Person(person_folder), ("stop",), keep=keep)
    for path in keep.iterdir():
        samples, rate = soundfile.read(path, dtype="float32")
        assert len(samples) < 2.5 * rate
        lead = samples[: round(0.25 * rate)]
        assert np.abs(lead).max() < 0.1 * np.abs(samples).max(), path


def test_only_some_words_are_trained_and_the_scores_of_others_stay(tmp_path, person_folder):
    path = tmp_path / "settings.personal.toml"
    trained(tmp_path, Person(person_folder), ("next",))
    text = path.read_text()
    text = re.sub(r'^"next".*\n', "", text, flags=re.M) + '"repeat" = 0.57\n'
    path.write_text(text)
    trained(tmp_path, Person(person_folder), ("next",))
    kept = read_personal(path)
    assert kept is not None
    assert kept.scores["repeat"] == 0.57
