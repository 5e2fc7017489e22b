"""The bench of talking over the guide: what is said when, how it is counted, and one small run."""

import json
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from bench.barge_in.cancellers import NAMES, canceller
from bench.barge_in.command import alone, main, sessions, settings, shares, with_cancellers
from bench.barge_in.figures import commands, compare
from bench.barge_in.material import about, played_db
from bench.barge_in.rig import Setting, Spoken, Take, Word
from bench.barge_in.whole import Hand
from bench.ears.clips import COMMANDS
from bench.ears.clips import Clip as Recording
from bench.ears.people import Member
from bench.ears.rendering import VOICES, synthetic
from support.loaded import load_once
from support.short_routine import short_library

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import Sounding
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.session.sayings import general_sayings, routine_sayings
from voiceguide.core.table import State
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.rehearsal.wire import Devices
from voiceguide.sound.clip import Clip


@pytest.fixture(scope="module", autouse=True)
def said_once(tmp_path_factory):
    """One synthetic voice says one phrase once for all runs here, which say it into a short
    routine."""
    voice = "espeak-ng US f3"
    folder = tmp_path_factory.mktemp("synthetic")
    clips = cache(lambda: list(islice(synthetic(folder), 1)))
    with pytest.MonkeyPatch.context() as patch:
        load_once(patch, "bench.barge_in.command.Recogniser")
        patch.setattr("bench.barge_in.command.ROUTINE", "quick")
        patch.setattr("bench.barge_in.rig.FIRST_SENTENCES", 1)
        patch.setattr("bench.barge_in.material.load_bundled", lambda: short_library(1))
        # No run here comes to more of what the guide can say; each sentence would be rendered.
        patch.setattr(
            "bench.barge_in.material.routine_sayings",
            lambda routine: list(islice(routine_sayings(routine), 8)),
        )
        patch.setattr("bench.barge_in.whole.load_bundled", lambda: short_library(1, "Stroke."))
        patch.setattr("bench.ears.rendering.VOICES", {voice: VOICES[voice]})
        patch.setattr("bench.barge_in.material.synthetic", lambda scratch: iter(clips()))
        yield


def word(text="next", wanted="next", group="people", seed=1):
    sound = np.random.default_rng(seed).normal(0, 0.1, 8000).astype(np.float32)
    return Word(Clip(sound, 16_000), group, text, wanted, 0.05, 0.45)


def heard(command, decided):
    phrase = Phrase(command.value, command)
    return Heard(phrase.text, phrase, Reason.AGREED, 0.0, decided, decided, 1.0, 20.0)


def test_what_became_of_a_word():
    said = [
        Spoken(word(), 1.0, 1.4, [heard(Command.NEXT, 1.6)], softer_seconds=0.1),
        Spoken(word(), 3.0, 3.4, [heard(Command.STOP, 3.6)]),
        Spoken(word("go", "start"), 5.0, 5.4),
        Spoken(word(group="synthetic"), 7.0, 7.4, [heard(Command.NEXT, 7.7)]),
    ]
    figures = commands(Setting("x", 6.0, devices=Devices(delay_seconds=0.1)), Take(said))
    people = figures["people"]
    assert (people["n"], people["obeyed"], people["wrong"]) == (3, 1 / 3, 1 / 3)
    assert people["silent_p50_s"] == pytest.approx(0.2 + 0.05 + 0.1)
    assert people["softer_p50_s"] == 0.1
    assert people["missed"] == ["go"]
    assert figures["synthetic"]["obeyed"] == 1.0


def test_what_is_heard_without_narration_is_told_beside():
    def row(narrates, which):
        figures = {"obeyed": len(which) / 4, "which": which}
        return {"room": "2 m, quiet", "narrates": narrates, "groups": {"people": figures}}

    rows = [row(False, ["a", "b"]), row(True, ["b", "c"])]
    compare(rows)
    people = rows[-1]["groups"]["people"]
    assert (people["silent_guide_obeyed"], people["of_those"]) == (0.5, 0.5)


def test_people_are_heard_only_by_networks_that_never_heard_them():
    def said(name, group):
        recording = Recording(Path(name), group, "an4", name, "next", "next")
        return replace(word(group=group), recording=recording)

    anna, bert, carl = (said(name, COMMANDS) for name in ("anna", "bert", "carl"))
    voice = said("espeak", "synthetic voices")
    main_one = Member(Path("main"))
    folds = [
        Member(Path(name), frozenset({("an4", who)}))
        for name, who in (("even", "anna"), ("odd", "bert"))
    ]
    words = [anna, bert, carl, voice]
    asked = {member.model.name: who for member, who in shares([main_one, *folds], words)}
    assert asked == {"main": [voice], "even": [anna], "odd": [bert]}
    assert shares([main_one], words) == [(main_one, words)]


def test_an_even_choice_of_words_of_each_group():
    words = [word(group=group, seed=seed) for group in ("a", "b") for seed in range(10)]
    chosen = about(words, 4)
    assert [sum(one.group == group for one in chosen) for group in ("a", "b")] == [4, 4]
    assert len(about(words, 20)) == 20


def test_everything_the_guide_can_say_is_said():
    book = load_phrasebook()
    own = list(general_sayings(book))
    assert "Say go when you are ready." in own
    assert any(text.startswith("You can say: ") and "next" in text for text in own)
    assert "About two minutes." in own
    routine = load_bundled()["serum-ritual"]
    told = list(routine_sayings(routine))
    assert "Forehead." in told or any(text.endswith(" more.") for text in told)
    assert all(text in told for _, step in routine.steps() for text in step.told)


def test_every_sentence_of_a_routine_is_said_for_whomever_it_is():
    for routine in load_bundled().values():
        told = set(routine_sayings(routine))
        for section, step in routine.steps():
            of_step = (*step.told, *step.why, *section.why)
            assert told.issuperset((*of_step, *(text for _, said in step.say_for for text in said)))
            if step.hold:
                assert "Hold it once more." in told
        assert told.issuperset((*routine.why, *routine.safety, *routine.closing))
        assert "Quiet breathing." in told


def test_full_volume_is_as_loud_as_it_is_played():
    clip = word().sound
    assert played_db([clip, clip], 6.0) == pytest.approx(played_db([clip], 0.0) + 6.0, abs=0.1)
    assert {row.gain_db for row in alone()} == {9.0}


def test_a_hand_answers_where_the_session_waits_and_no_word_is_obeyed():
    class Obeying:
        spoken_over = True

        def listen_for(self, phrases):
            pass

        def hear(self, block, now, guide):
            return (heard(Command.STOP, now),)

    session = SimpleNamespace(state=State.PACING)
    hand = Hand(Obeying(), session)
    block = np.zeros(800, np.int16)
    assert hand.hear(block, 1.0) == ()
    session.state = State.WAITING
    assert hand.hear(block, 2.0) == ()
    assert hand.hear(block, 3.0, Sounding(level_dbfs=-20.0)) == ()
    assert hand.hear(block, 4.0) == ()
    (pressed,) = hand.hear(block, 6.0)
    assert pressed.phrase.command is Command.NEXT
    assert hand.obeyed[0] == "stop at 1.0 s"
    assert (len(hand.obeyed), hand.ducks) == (5, 5)


def test_the_rows_differ():
    for rows in (settings(), alone(), sessions()):
        said = [(row.name, row.echo_db) for row in rows]
        assert len(set(said)) == len(said)


def test_a_row_with_each_canceller():
    quiet = Setting("quiet", 6.0)
    rows = with_cancellers(quiet, ["ours", "cascade"])
    assert [(row.name, row.canceller) for row in rows] == [
        ("quiet", "ours"),
        ("quiet, cascade", "cascade"),
    ]
    assert with_cancellers(replace(quiet, cancels=False), ["ours", "aec3"]) == [
        replace(quiet, cancels=False)
    ]


def test_a_canceller_that_is_not_installed_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr("bench.barge_in.cancellers.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="livekit is not installed"):
        canceller("aec3")
    assert canceller("ours").measure is None


@pytest.fixture
def halving(monkeypatch):
    """Instead of AEC3: half of everything."""
    monkeypatch.setattr("bench.barge_in.cancellers.find_spec", lambda name: name)
    monkeypatch.setattr(
        "bench.barge_in.cancellers.WebRtc", lambda: lambda recorded, _: recorded // 2
    )


def test_another_canceller_stands_in_the_place_of_ours_after_it_or_beside_it(halving):
    sound = np.random.default_rng(0).normal(0, 0.1, 800).astype(np.float32)
    recorded = np.rint(sound * 32767).astype(np.int16)
    ours, alone, cascade, both, both_cascade = map(canceller, NAMES)
    left = ours.cancel(recorded, sound)
    assert np.array_equal(alone.cancel(recorded, sound), recorded // 2)
    assert alone.measure.left == pytest.approx(alone.measure.recorded / 4, rel=0.01)
    assert np.array_equal(cascade.cancel(recorded, sound), left // 2)
    assert np.array_equal(both.cancel(recorded, sound), left)
    assert np.array_equal(both.second, recorded // 2)
    assert np.array_equal(both_cascade.cancel(recorded, sound), left)
    assert np.array_equal(both_cascade.second, left // 2)
    assert alone.cancel(recorded, np.zeros(800, np.float32)) is not None
    assert alone.measure is None


@pytest.mark.parametrize(("name", "obeyed"), [("cascade", 1.0), ("both", 0.0)])
def test_the_mean_of_both_hearings_decides(halving, name, obeyed, tmp_path, monkeypatch):
    # Ours must know the echo before it can be understood behind it.
    monkeypatch.setattr("bench.barge_in.rig.FIRST_SENTENCES", 5 if obeyed else 1)
    path = tmp_path / "figures.json"
    only = ["--words", "1", "--only", "commands", "--row", "2", "--canceller", name]
    assert main([*only, "--json", str(path)]) == 0
    (row,) = json.loads(path.read_text("utf-8"))
    assert row["canceller"] == name
    assert [figures["obeyed"] for figures in row["groups"].values()] in ([], [obeyed])


def test_a_small_run(tmp_path, capsys):
    path = tmp_path / "figures.json"
    assert main(["--words", "1", "--only", "commands", "--row", "1", "--json", str(path)]) == 0
    (row,) = json.loads(path.read_text("utf-8"))
    assert row["echo_db"] == 0.0
    assert row["self_triggers"] == []


def test_a_whole_session_comes_to_its_end(tmp_path):
    path = tmp_path / "figures.json"
    only = ["--only", "whole", "--part", "quick", "--row", "1", "--json", str(path)]
    assert main(only) == 0
    (row,) = json.loads(path.read_text("utf-8"))
    assert (row["echo_db"], row["self_triggers"]) == (6.0, [])
    assert row["minutes"] > 0.3
