"""``voiceguide preview``: one step at once, told and paced as in a session."""

from itertools import pairwise

import numpy as np
import pytest
import soundfile
from support.rendered import Drone, RenderedSession

from voiceguide.__main__ import main
from voiceguide.cli.preview import find_step
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import Cue
from voiceguide.core.errors import DeviceError, SettingsError, SpeechError
from voiceguide.core.routine.routine import Mode
from voiceguide.edge.files.routine_file import load_routine
from voiceguide.rehearsal.entries import Cued, Said
from voiceguide.rehearsal.one_step import only_step, play_step
from voiceguide.sound.cues import load_cues

FILE = """\
format: voiceguide/1
id: tiny
name: tiny hands
summary: Some seconds for hands.
safety: Leave sore joints alone.
beforehand: Wash your hands.
closing: Enjoy your hands.
section:
  - name: palms
    announce: Now the palms.
    step:
      - name: thumbs
        say: Stroke along the palm.
        tip: Never on a bruise.
        stroke: {count: 3, seconds: 2 s, side: left then right}
      - name: fists
        say: Close both fists.
        hold: 3 s
  - name: rest
    step:
      - {name: fists, say: Close them again., hold: 2 s}
      - {name: cream, say: Take some cream., wait: {for: word, about: 9 s}}
      - {name: sink in, say: Let it sink in., wait: {for: 25 s}}
      - {name: end, say: That was it.}
      - name: gentle
        if: {skin: rosacea, when: evening}
        say: Very gently.
        say_for: {sensitive: Hardly at all.}
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(tmp_path / "settings.toml"))
    (tmp_path / "settings.toml").touch()
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tiny.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def droning(monkeypatch):
    """Every sentence is a second of something soft."""
    monkeypatch.setattr("voiceguide.edge.voice.choice.local_voice", lambda *_: (Drone(), ""))


@pytest.fixture
def loudspeaker(monkeypatch):
    """What was played, on which device, how loud."""
    played = []
    monkeypatch.setattr("voiceguide.cli.sound_output.play_clip", lambda *each: played.append(each))
    return played


def played(path, name, voice=None):
    routine = load_routine(path)
    alone = only_step(routine, *find_step(routine, name))
    return play_step(alone, Phrasebook("en", ()), voice or Drone(), load_cues(None))


def said(step):
    return [each.text for each in step.entries if isinstance(each, Said)]


def onsets(step):
    return [
        each.at_seconds
        for each in step.entries
        if isinstance(each, Cued) and each.cue in (Cue.TICK, Cue.LAST)
    ]


def test_the_first_step_of_a_zone_is_told_with_the_zone_and_nothing_else(file):
    step = played(file, "thumbs")
    assert said(step) == [
        "Now the palms.",
        "Stroke along the palm.",
        "Never on a bruise.",
        "Left side first.",
        "Now the right side.",
    ]
    assert said(played(file, "2")) == ["Close both fists."]


def test_strokes_fall_as_in_a_session(file):
    step = played(file, "thumbs")
    session = RenderedSession(load_routine(file).sections[0].steps[0])
    session.until(4)
    session.say(Command.START)
    session.until(60)
    both = sorted(session.pulses(Cue.TICK))
    there = [at / session.mixer.sample_rate_hz for at in both]
    here = onsets(step)
    assert len(here) == len(there) == 6
    for ours, theirs in zip(pairwise(here), pairwise(there), strict=True):
        assert ours[1] - ours[0] == pytest.approx(theirs[1] - theirs[0], abs=0.1)


def test_a_hold_ends_with_its_bell_and_the_bell_rings_out(file):
    step = played(file, "palms/fists")
    (done,) = (e for e in step.entries if isinstance(e, Cued) and e.cue is Cue.DONE)
    (tick,) = onsets(step)
    assert done.at_seconds - tick == pytest.approx(3, abs=0.01)
    assert step.sound.seconds > done.at_seconds + 0.1
    assert np.abs(step.sound.samples[int(done.at_seconds * step.sound.sample_rate_hz) :]).max() > 0


def test_a_wait_for_a_word_ends_at_once_and_a_timer_lasts(file):
    word, timer, told = (played(file, name) for name in ("cream", "sink in", "end"))
    assert word.waits and word.sound.seconds < 4
    assert not timer.waits and timer.sound.seconds > 25
    assert not told.waits and said(told) == ["That was it."]


def test_every_step_of_a_bundled_routine_can_be_played():
    routine = load_routine("evening")
    for section, step in routine.steps():
        alone = only_step(routine, section, step)
        made = play_step(alone, Phrasebook("en", ()), Drone(), load_cues(None))
        assert set(step.say) <= set(said(made))
        assert bool(onsets(made)) == (step.mode in (Mode.STROKE, Mode.HOLD))


def test_a_voice_that_fails_is_told(file):
    class Mute(Drone):
        def render(self, text, words_per_minute):
            raise SpeechError("no voice")

    with pytest.raises(SpeechError, match="the voice cannot say this step"):
        played(file, "end", Mute())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("1", "palms/thumbs"), ("Sink in", "rest/sink-in"), ("rest/fists", "rest/fists"), ("7", None)],
)
def test_a_step_is_found_by_number_id_or_name(file, wanted, found):
    section, step = find_step(load_routine(file), wanted)
    assert f"{section.id}/{step.id}" == (found or "rest/gentle")


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("8", "there is no step 8; the last one is 7"),
        ("0", "there is no step 0"),
        ("thumps", "there is no step 'thumps'; did you mean thumbs?"),
        ("xyzzy", "all are listed by: voiceguide preview tiny"),
        ("fists", "there are 2 steps 'fists'; say which: palms/fists or rest/fists"),
    ],
)
def test_a_step_that_is_not_there_is_answered_with_what_is(file, wanted, why):
    with pytest.raises(SettingsError) as refused:
        find_step(load_routine(file), wanted)
    assert why in str(refused.value)


def test_without_a_step_they_are_listed_by_number(file, capsys):
    assert main(["preview", "tiny.yaml"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  1  palms/thumbs: thumbs" and len(lines) == 7


def test_it_is_played_through_the_loudspeaker_as_loud_as_a_session(
    file, droning, loudspeaker, capsys
):
    (file.parent / "settings.toml").write_text("[sound]\ngain_db = -6\n")
    assert main(["preview", "tiny.yaml", "--step", "cream", "--output-device", "desk"]) == 0
    ((clip, device, gain_db),) = loudspeaker
    assert (device, gain_db) == ("desk", -6.0)
    assert np.abs(clip.samples).max() == pytest.approx(0.01, rel=0.2)
    heading, sentence, end = capsys.readouterr().out.splitlines()
    assert heading == "rest › cream" and "guide   Take some cream." in sentence
    assert end == "Here a session waits for a word."


def test_it_is_written_where_there_is_no_sound_card(file, droning, loudspeaker, capsys):
    assert main(["preview", "tiny.yaml", "--step", "2", "--wav", "step.wav"]) == 0
    assert "Its sound is in step.wav." in capsys.readouterr().out
    samples, rate = soundfile.read("step.wav")
    assert 4 < len(samples) / rate < 9 and loudspeaker == []
    assert main(["preview", "tiny.yaml", "--step", "2", "--wav", "no/step.wav"]) == 2
    assert "there is no folder no to write step.wav into" in capsys.readouterr().err


def test_where_nothing_can_be_played_the_file_is_offered(file, droning, monkeypatch, capsys):
    def missing(*_):
        raise DeviceError("there is no speaker")

    monkeypatch.setattr("voiceguide.cli.sound_output.play_clip", missing)
    assert main(["preview", "tiny.yaml", "--step", "2"]) == 3
    assert "there is no speaker; or write the sound: --wav FILE" in capsys.readouterr().err


def test_it_is_told_as_the_person_would_hear_it(file, droning, loudspeaker, capsys):
    main(["preview", "tiny.yaml", "--step", "gentle", "--skin", "sensitive"])
    assert "Hardly at all." in capsys.readouterr().out
    main(["preview", "tiny.yaml", "--step", "thumbs", "--breathing"])
    assert "breathe-in, breathe-out" in capsys.readouterr().out


def test_a_file_that_is_wrong_is_refused_as_everywhere(file, capsys):
    file.write_text(FILE.replace("summary", "sumary"), encoding="utf-8")
    assert main(["preview", "tiny.yaml", "--step", "1"]) == 2
    assert "tiny.yaml:4:1: `sumary` is no key here" in capsys.readouterr().err
