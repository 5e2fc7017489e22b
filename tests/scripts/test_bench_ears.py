"""The bench of the ears: what is heard, how it is counted, and one small run of it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from bench.ears import judged
from bench.ears.aims import aims
from bench.ears.clips import (
    BOOKS,
    COMMANDS,
    LIVE_ALL,
    LIVE_PACED,
    NEAR,
    ORDERS,
    SHORT_WORDS,
    SYNTHETIC,
    WORDS,
    Clip,
    every,
    everything,
    live_phrases,
    spread,
    stratified,
)
from bench.ears.command import main, our_systems
from bench.ears.cost import Cost
from bench.ears.figures import every_set
from bench.ears.mixing import MARGIN_SECONDS, PLACES, Condition, heard_at, mixed, word_end
from bench.ears.noises import noises
from bench.ears.people import Member, chosen, member_for, read_speakers
from bench.ears.picture import det_curve, draw
from bench.ears.plan import ALL_TALK, FULL, QUICK, Plan, trials
from bench.ears.running import Run, run
from bench.ears.systems import OURS, Decision, System, usual_bar, without_bars
from bench.ears.tables import commands, false_accepts, phrases, talk
from bench.ears.tally import Tally, rate_interval, wilson
from bench.ears.work import Outcome, Trial
from support.places import EARS_DATA as DATA

from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import ModelError
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Samples

EARS = System("ears, one", OURS)


def clip(
    name: str = "yes-1.wav", group: str = COMMANDS, wanted: str | None = "yes", **more
) -> Clip:
    facts = {"source": "an4", "speaker": "anna", "text": wanted or "cat"} | more
    return Clip(Path(name), group, wanted=wanted, **facts)


def outcome(
    one: Clip, *decisions: Decision, condition: Condition | None = None, live=LIVE_ALL, **more
) -> Outcome:
    trial = Trial(EARS, live, one, condition or Condition(), more.pop("any_score", False))
    late = 0.2 if [d.wanted for d in decisions] == [one.wanted] else None
    return Outcome(trial, decisions, 36.0, 0.36, late)


def tone(seconds: float = 0.5, level: float = 0.1) -> np.ndarray:
    time = np.arange(round(seconds * 16_000)) / 16_000
    return (level * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


# ------------------------------------------------------------------ who and what is heard


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("offset", [0, 3])
def test_a_share_is_evenly_spread(share, offset):
    chosen_ones = every(range(200), share, offset)
    assert abs(len(chosen_ones) - 200 * share) <= 1
    assert chosen_ones == sorted(set(chosen_ones))


def test_words_are_chosen_evenly_and_always_the_same():
    words = [
        clip(f"{text}-{n}.opus", WORDS, None, text=text)
        for text, many in (("cat", 50), ("dog", 5))
        for n in range(many)
    ]
    some = spread(words, 8)
    assert [one.text for one in some].count("dog") == 4
    assert some == spread(words[::-1], 8)


def test_each_word_has_its_share_and_the_turns_reach_everyone():
    people = [clip(f"{text}-{n}.wav", wanted=text) for text in ("yes", "no") for n in range(20)]
    tenth = stratified(people, 0.1)
    assert sorted(one.text for one in tenth) == ["no", "no", "yes", "yes"]
    assert tenth == stratified(people[::-1], 0.1)
    reached = {one.path for turn in range(10) for one in stratified(people, 0.1, turn)}
    assert len(reached) == 40
    assert len(set(stratified(people, 1.0, 3))) == 40
    assert len(stratified(people, 0.001)) == 1
    assert stratified(people, 0.0) == stratified([], 0.5) == []


def test_speakers_are_read_with_their_sources(tmp_path):
    file = tmp_path / "people.tsv"
    file.write_text("source\tspeaker\nan4\tanna\nbert\n", "utf-8")
    assert read_speakers(file) == {("an4", "anna"), ("*", "bert")}
    file.write_text("source\tspeaker\n", "utf-8")
    with pytest.raises(ValueError, match="lists no speaker"):
        read_speakers(file)


def test_only_listed_people_are_heard_and_others_stay():
    listed = frozenset({("an4", "anna")})
    people = [
        clip(),
        clip("no-2.wav", speaker="bert"),
        clip("o.wav", ORDERS, None, source="orders"),
    ]
    assert chosen(people, listed, None) == [people[0], people[2]]
    assert chosen(people, None, listed) == people[1:]


def test_a_person_is_judged_by_the_fold_that_never_heard_them():
    folds = tuple(
        Member(Path(name), frozenset({("an4", name), ("an4", "aside")}))
        for name in ("anna", "bert")
    )
    assert member_for(folds, clip(speaker="anna")) == 0
    assert member_for(folds, clip(speaker="bert")) == 1
    assert member_for(folds, clip(speaker="both heard")) is None
    assert member_for(folds, clip("x.wav", BOOKS, None, speaker="both heard")) is None
    assert member_for(folds, clip("x.wav", ORDERS, None, source="orders")) in (0, 1)
    shared = {member_for(folds, clip(f"{n}.wav", speaker="aside")) for n in range(20)}
    assert shared == {0, 1}


def test_a_command_of_a_source_without_a_list_belongs_to_no_fold():
    folds = (Member(Path("a"), frozenset({("an4", "anna")})),)
    assert member_for(folds, clip(group=SHORT_WORDS, source="speech-commands")) is None
    assert member_for((Member(Path("a")),), clip()) == 0


def test_the_plan_has_every_noise_level_and_place():
    people = [clip(f"yes-{n}.wav") for n in range(48)]
    groups = {COMMANDS: people, ORDERS: [clip("o.wav", ORDERS, None)]}
    whole = list(trials(FULL, [EARS], [], groups, ["tap", "fan"]))
    conditions = {trial.condition for trial in whole if trial.live == "all"}
    for place in PLACES:
        for snr in (18.0, 12.0, 6.0, 3.0, 0.0):
            assert Condition("tap", snr, place) in conditions
        assert Condition(place=place) in conditions
    fans = [trial.condition for trial in whole if trial.condition.noise == "fan"]
    assert {one.snr_db for one in fans} == {18.0, 12.0, 6.0, 3.0, 0.0}
    assert {one.place for one in fans} == set(PLACES)
    quick = list(trials(QUICK, [EARS], [], groups, ["tap", "fan"]))
    quickly = {trial.condition for trial in quick if trial.live == "all"}
    assert quickly >= {
        Condition(None if snr is None else "tap", snr, place)
        for place in PLACES
        for snr in (None, 18.0, 12.0, 6.0, 3.0, 0.0)
    }
    assert len(quick) < len(whole) / 2
    assert len(set(whole)) == len(whole)


def test_near_human_voices_are_heard_beside_the_tap_and_in_narrow_band():
    near = [clip(f"next-{n}.flac", NEAR, "next", source=NEAR) for n in range(20)]
    found = list(trials(FULL, [EARS], [], {NEAR: near}, ["tap"]))
    conditions = {trial.condition for trial in found}
    wide = {Condition(None if snr is None else "tap", snr) for snr in (None, 12.0, 6.0, 0.0)}
    narrow = {Condition(narrow=True), Condition("tap", 12.0, narrow=True)}
    assert conditions == wide | narrow
    assert sum(trial.condition == Condition() for trial in found) == 20


def test_all_talk_is_heard_with_everything_live_and_while_strokes_are_paced():
    words = [clip(f"{n}.wav", WORDS, None, text=f"w{n % 3}") for n in range(700)]
    groups = {COMMANDS: [clip()], NEAR: [clip("n.wav", NEAR)], WORDS: words}
    found = list(trials(ALL_TALK, [EARS], [], groups, ["tap"]))
    assert {trial.clip.group for trial in found} == {WORDS}
    assert [sum(one.live == live for one in found) for live in (LIVE_ALL, LIVE_PACED)] == [700] * 2
    paced = {phrase.text for phrase in live_phrases(LIVE_PACED)}
    assert {"next", "slower", "pause"} <= paced < {p.text for p in live_phrases(LIVE_ALL)}
    assert "yes" not in paced


# ------------------------------------------------------------------ sound


def test_a_narrow_microphone_takes_away_what_is_above_4_khz_and_nothing_else():
    time = np.arange(16_000) / 16_000
    low, high = (0.1 * np.sin(2 * np.pi * hertz * time) for hertz in (1000, 6000))
    sound = (low + high).astype(np.float32)
    heard = mixed(clip(), sound, Condition(narrow=True), None)
    assert heard.shape == sound.shape
    np.testing.assert_allclose(heard[500:-500], low[500:-500], atol=2e-3)
    assert Condition(narrow=True) != Condition()


def test_the_noise_is_as_far_below_the_speech_as_asked():
    noise = np.random.default_rng(1).normal(0, 0.05, 64_000).astype(np.float32)
    speech = tone()
    for place in PLACES:
        sound = mixed(clip(), speech, Condition("fan", 6.0, place), noise)
        margin = round(MARGIN_SECONDS * 16_000)
        under = 10 * np.log10(np.mean(sound[: margin // 2] ** 2))
        level = active_level_db(heard_at(place, speech))
        assert level - under == pytest.approx(6.0, abs=0.5)
        again = mixed(clip(), speech, Condition("fan", 6.0, place), noise)
        assert np.array_equal(sound, again)


@pytest.mark.parametrize("snr_db", [None, 0.0])
def test_a_loud_recording_is_turned_down_and_not_clipped(snr_db):
    noise = np.random.default_rng(1).normal(0, 0.05, 64_000).astype(np.float32)
    speech = tone(level=0.9)
    for place in PLACES[1:]:
        condition = Condition("fan" if snr_db is not None else None, snr_db, place)
        sound = mixed(clip(), speech, condition, noise)
        assert np.max(np.abs(sound)) <= 1.0
        assert sound.dtype == np.float32


def test_in_the_room_farther_is_softer_and_later():
    levels = [active_level_db(heard_at(place, tone())) for place in PLACES[1:]]
    assert levels == sorted(levels, reverse=True)
    speech = np.pad(tone(), 8000)
    assert word_end(speech, Condition()) == pytest.approx(1.0, abs=0.02)
    assert word_end(speech, Condition("tap", 6.0, "2 m")) == pytest.approx(
        1.0 + MARGIN_SECONDS + 2 / 343, abs=0.02
    )


def test_a_soft_s_belongs_to_the_word_and_a_noisy_recording_tells_no_end():
    rng = np.random.default_rng(2)
    hiss = np.diff(rng.normal(0, 0.003, 4001), prepend=0.0)[1:]
    hum = 0.2 * np.sin(2 * np.pi * 200 * np.arange(8000) / 16_000)
    word = np.concatenate((hum, hiss[:3200], np.zeros(8000))).astype(np.float32)
    assert word_end(word, Condition()) == pytest.approx(0.7, abs=0.02)
    noisy = word + rng.normal(0, 0.02, len(word)).astype(np.float32)
    assert word_end(noisy, Condition()) is None


def test_noises_are_made_without_recordings_and_always_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.ears.noises.SECONDS", 5)
    made = noises(tmp_path, None, [])
    assert set(made) == {"shower", "fan", "dryer", "music"}
    again = noises(tmp_path, None, [])
    for name, sound in made.items():
        assert np.array_equal(sound, again[name])
        assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.05, rel=1e-3)


# ------------------------------------------------------------------ counting


def test_the_worst_phrase_comes_first_and_kinds_of_voices_stay_apart():
    yes, no = Decision("yes", 1.0, 0.9), Decision("no", 1.0, 0.9)
    near = clip("y.flac", NEAR, "yes", source=NEAR)
    stop = clip("s.wav", SYNTHETIC, "stop")
    narrow = Condition(narrow=True)
    found = [outcome(clip(), yes), outcome(near, no), outcome(near, yes, condition=narrow)]
    found.append(outcome(stop, Decision("stop", 1.0, 0.9)))
    lines = phrases(found, EARS.name).splitlines()
    assert lines[0] == "| phrase | people | near-human voices | synthetic voices |"
    assert lines[2] == "| yes | 1.00 / 0.000 (1) | 0.00 / 1.000 (1) | – |"
    assert lines[3] == "| stop | – | – | 1.00 / 0.000 (1) |"


def test_right_is_the_command_once_and_nothing_else():
    yes, no = Decision("yes", 1.0, 0.9), Decision("no", 2.0, 0.9)
    for decisions, right, wrong in (
        ((yes,), True, False),
        ((no,), False, True),
        ((yes, yes), False, True),
        ((yes, no), False, True),
        ((), False, False),
    ):
        one = outcome(clip(), *decisions)
        assert (one.right, one.wrong) == (right, wrong)


def test_talk_counts_every_decision():
    counted = Tally()
    for decisions in ((), (Decision("yes", 1.0),), (Decision("yes", 1.0), Decision("no", 2.0))):
        counted.add(outcome(clip("t.wav", ORDERS, None), *decisions))
    assert counted.false_accepts == 3
    assert counted.per_hundred == pytest.approx(100.0)
    assert counted.per_hour == pytest.approx(3 / 0.03)
    assert "right" not in counted.facts()


def test_intervals():
    low, high = wilson(98, 100)
    assert (low, high) == (pytest.approx(0.930, abs=0.001), pytest.approx(0.994, abs=0.001))
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = rate_interval(10)
    assert (low, high) == (pytest.approx(4.8, abs=0.1), pytest.approx(18.4, abs=0.1))
    assert rate_interval(0) == (0.0, pytest.approx(3.7, abs=0.1))


def test_the_curve_trades_misses_for_false_accepts():
    outcomes = [
        outcome(clip(), Decision("yes", 1.0, score), any_score=True) for score in (0.9, 0.6, 0.3)
    ] + [
        outcome(clip("t.wav", ORDERS, None), Decision("yes", 1.0, score), any_score=True)
        for score in (0.5, 0.2)
    ]
    curve = det_curve(outcomes, EARS.name, None)
    assert curve[0][1:] == (100.0, 0.0)
    assert curve[-1][1:] == (0.0, 1.0)
    assert [point[1] for point in curve] == sorted((p[1] for p in curve), reverse=True)
    at = next(point for point in curve if point[0] == 0.6)
    assert at[1:] == (0.0, pytest.approx(1 / 3))


def test_a_score_is_counted_from_the_bar_it_had_to_reach():
    usual = Thresholds()
    stop = next(phrase for phrase in everything().phrases if phrase.text == "stop")
    heard = Heard("stop", stop, Reason.AGREED, 0.1, 0.5, 0.7, 0.9, 40.0)
    assert usual_bar(heard) == pytest.approx(usual.confidence + usual.costly_more)
    assert usual_bar(replace(heard, snr_db=10.0)) == pytest.approx(
        usual.noisy_confidence + usual.costly_more
    )
    second = replace(heard, why=Reason.AGREED_SECOND_LOOK, snr_db=5.0)
    assert usual_bar(second) == usual.second_look_confidence


@pytest.mark.parametrize("clips", [0, 1, 60])
def test_the_picture_is_drawn_of_however_few_clips(tmp_path, clips):
    pytest.importorskip("matplotlib")
    outcomes = [
        outcome(clip(f"yes-{n}.wav"), Decision("yes", 1.0, n / 100 - 0.3), any_score=score)
        for n in range(clips)
        for score in (False, True)
    ]
    outcomes += [
        outcome(clip(f"{n}.wav", ORDERS, None), any_score=score)
        for n in range(2 * clips)
        for score in (False, True)
    ]
    draw(outcomes, [EARS.name], ["another"], tmp_path / "all.png")
    assert (tmp_path / "all.png").stat().st_size > 10_000


def test_no_score_is_asked_for_when_the_bars_are_down():
    down = without_bars(Thresholds())
    assert down.confidence == 0.0
    assert down.quiet_seconds == Thresholds().quiet_seconds


def test_aims_say_reached_not_reached_and_not_measured():
    near = [replace(clip("n.wav"), group=NEAR, text=text) for text in ("next", "yes")]
    outcomes = [outcome(clip(), Decision("yes", 1.0)) for _ in range(5)]
    outcomes += [outcome(clip(), condition=Condition("tap", 12.0)) for _ in range(5)]
    outcomes += [outcome(near[0], Decision("yes", 1.0)), outcome(near[1])]
    outcomes += [outcome(one, condition=Condition(None, None, narrow=True)) for one in near]
    found = {(aim.what, aim.level): aim for aim in aims(outcomes, EARS.name, None)}
    assert found["people: right", "quiet"].verdict == "reached (the interval spans it)"
    assert found["people: right", "12 dB"].verdict == "not reached"
    assert found["people: right", "0 dB"].verdict == "not measured"
    assert found["near-human: right", "quiet"].figure.startswith("0.500")
    assert found["near-human, next repeat slower: right", "quiet"].figure.startswith("1.000")
    assert found["near-human, ends at 4 kHz: right", "quiet"].figure.startswith("0.000")
    assert found["latency p50, s", "all"].verdict == "reached"
    cost = Cost(0.2, 90.0, 120.0, {"commands beside the tap": 0.02})
    costly = {aim.what: aim.verdict for aim in aims(outcomes, EARS.name, cost)}
    assert costly["load, s"] == "reached"
    assert costly["memory of the recogniser, MB"] == "not reached"


def test_clips_that_say_their_text_have_aims_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Writer:
        def transcript(self, samples: Samples) -> str:
            return " Skipper." if samples.max() < 0.3 else " What's next?"

    monkeypatch.setattr(judged, "Judge", Writer)
    said = []
    for text, level in (("skip", 0.2), ("what's next", 0.5)):
        soundfile.write(tmp_path / f"{text}.wav", np.full(1600, level), 16_000)
        said.append(Clip(tmp_path / f"{text}.wav", NEAR, NEAR, "anna", text, text))
    plain = judged.said_plainly(said)
    assert plain == {said[1].path}
    outcomes = [outcome(said[0]), outcome(said[1], Decision("what's next", 1.0))]
    found = {(aim.what, aim.level): aim for aim in aims(outcomes, EARS.name, None, plain)}
    assert found["near-human: right", "quiet"].figure.startswith("0.500")
    assert found["near-human, said plainly: right", "quiet"].figure.startswith("1.000")
    assert found["near-human, said plainly: right", "quiet"].figure.endswith("n 1")


def test_without_whisper_nobody_judges(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("bench.ears.command.missing", lambda: "Whisper is not installed.")
    assert main(["--audio", str(tmp_path), "--judge"]) == 2
    assert "Whisper is not installed." in capsys.readouterr().err


def test_the_aim_of_an_hour_counts_what_is_taken_while_strokes_are_paced():
    said = clip("w.wav", WORDS, None)
    outcomes = [outcome(said, Decision("no", 1.0)), outcome(said, live=LIVE_PACED)]
    hour = "false accepts an hour of talk while strokes are paced"
    found = {aim.what: aim for aim in aims(outcomes, EARS.name, None)}
    assert found[hour].reached
    assert not found["false accepts per 100 utterances of talk"].reached
    outcomes.append(outcome(said, Decision("no", 1.0), live=LIVE_PACED))
    found = {aim.what: aim for aim in aims(outcomes, EARS.name, None)}
    assert found[hour].reached is False
    assert found[hour].figure.startswith("50.00")


def test_tables_hold_each_cell_once():
    outcomes = [outcome(clip(), Decision("yes", 1.0)), outcome(clip("o.wav", ORDERS, None))]
    assert "| people: commands | close | quiet | 1 | 1.000 (0.21–1.00)" in commands(
        outcomes, EARS.name
    )
    assert "| talk: orders | 1 | 0.01 | 0 |" in talk(outcomes, EARS.name)
    outcomes.append(outcome(clip("o.wav", ORDERS, None, text=""), Decision("no", 1.0)))
    assert "| all | talk: orders | o.wav | no |" in false_accepts(outcomes, EARS.name)
    found = list(every_set(outcomes))
    assert [one.get("word") for one in found] == [None, None, "yes"]


# ------------------------------------------------------------------ the command


def test_what_cannot_be_is_refused_in_a_sentence(tmp_path, capsys):
    assert main(["--audio", str(tmp_path / "none")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert main(["--audio", str(tmp_path), "--model", "no-such-model"]) != 0
    assert "no-such-model" in capsys.readouterr().err
    assert main(["--audio", str(tmp_path), "--fold", "voiceguide-en-1"]) == 2
    assert "MODEL=FILE" in capsys.readouterr().err


def test_a_model_that_lacks_a_word_is_refused_in_a_sentence(tmp_path, capsys, monkeypatch):
    def lacks(job):
        raise ModelError("the model small does not know the word 'zone'")

    monkeypatch.setattr("bench.ears.command.run", lacks)
    assert main(["--audio", str(tmp_path), "--no-rivals"]) == ModelError.exit_code
    assert "does not know the word 'zone'" in capsys.readouterr().err


def test_folds_are_one_system(tmp_path):
    file = tmp_path / "a.tsv"
    file.write_text("an4\tanna\n", "utf-8")
    fold = f"voiceguide-en-1={file}"
    folds, model = our_systems(["voiceguide-en-1"], [fold, fold])
    assert (folds.name, len(folds.members)) == ("ears, 2 folds", 2)
    assert model.name == "ears, voiceguide-en-1"


def test_a_small_run_hears_counts_and_writes(tmp_path, capsys, monkeypatch):
    # The plan hears no synthetic voice, so none needs to be rendered.
    monkeypatch.setattr("bench.ears.rendering.VOICES", {})
    monkeypatch.setattr("bench.ears.rendering._told", lambda routine: ["Breathe out."])
    monkeypatch.setattr("bench.ears.running.COST_SECONDS", 1)
    monkeypatch.setattr("bench.ears.noises.SECONDS", 3)
    monkeypatch.setattr("bench.ears.plan.SNRS_DB", (6.0,))
    audio = tmp_path / "audio"
    for folder in ("commands", "orders", "noise"):
        (audio / folder).mkdir(parents=True)
    shutil.copy(DATA / "yes-fjam.flac", audio / "commands")
    (audio / "commands/commands.tsv").write_text(
        "file\tspeaker\ttext\nyes-fjam.flac\tfjam\tyes\n", "utf-8"
    )
    order, rate = soundfile.read(DATA / "order.opus")
    soundfile.write(audio / "orders/order.flac", order[: 3 * rate], rate)
    shutil.copy(DATA / "tap.flac", audio / "noise/running-tap.flac")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    plan = Plan(
        quiet_elsewhere=0, tap=0.5, tap_elsewhere=0, others=0, telling=0, synthetic=0, curve=0,
        talk={ORDERS: 1}, events=0, narration_seconds=0, noise_seconds=2,
    )  # fmt: skip
    file = tmp_path / "out/ears.json"
    run(
        Run(
            audio=audio, scratch=scratch, ours=our_systems([], []), rivals=[], plan=plan,
            aims=True, json=file,
        )
    )  # fmt: skip
    facts = json.loads(file.read_text("utf-8"))
    assert {cell["set"] for cell in facts["cells"]} >= {COMMANDS, ORDERS}
    [cost] = facts["cost"].values()
    assert cost["load_seconds"] > 0
    assert cost["memory_mb"] > 10
    printed = capsys.readouterr().out
    assert "## Aims: ears, voiceguide-en-1" in printed
    assert "holds no running tap" not in printed
