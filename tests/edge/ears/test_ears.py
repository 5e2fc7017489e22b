"""The ears with the real recogniser on a few recordings of people."""

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest
from support.places import EARS_DATA as DATA

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import DeviceError, ModelError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.ears import AWAITED_WEIGHT, Ears, open_ears
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.shipped import shipped_folder

MODEL = shipped_folder("models") / "voiceguide-en-1"
BOOK = load_phrasebook()
SPOKEN = {
    "go-mcfl": Command.START,
    "help-fnsv": Command.HELP,
    "no-fbbh": Command.NO,
    "repeat-flrp": Command.REPEAT,
    "start-mcen": Command.START,
    "stop-mjbh": Command.STOP,
    "yes-fjam": Command.YES,
}
FEW = ("go-mcfl", "help-fnsv", "no-fbbh", "stop-mjbh")


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(MODEL)


def sound(name: str) -> np.ndarray:
    return read_sound(DATA / name, EAR_RATE_HZ).samples


def blocks(samples: np.ndarray) -> np.ndarray:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


@pytest.mark.parametrize(
    "name",
    [*FEW, *(pytest.param(name, marks=pytest.mark.long) for name in SPOKEN if name not in FEW)],
)
def test_a_persons_command_is_obeyed(recogniser: Recogniser, name: str) -> None:
    heard = hear_recording(recogniser, BOOK.phrases, sound(f"{name}.flac"), BOOK.decoys)
    obeyed = [one for one in heard if one.phrase]
    assert [one.phrase.command for one in obeyed if one.phrase] == [SPOKEN[name]]
    assert obeyed[0].start_seconds < obeyed[0].end_seconds < obeyed[0].decided_seconds
    assert obeyed[0].decided_seconds - obeyed[0].end_seconds < 0.6
    assert obeyed[0].snr_db > 20


@pytest.mark.parametrize("name", ["cat.opus", "happy.opus", "order.opus", "tap.flac"])
def test_what_is_no_command_is_not_obeyed(recogniser: Recogniser, name: str) -> None:
    heard = hear_recording(recogniser, BOOK.phrases, sound(name), BOOK.decoys)
    assert [one.text for one in heard if one.accepted] == []


def beside_tap(name: str, snr_db: float) -> np.ndarray:
    """A recording after a second of the tap, by so much louder than it."""
    said, tap = sound(name), sound("tap.flac")
    mixed = tap * (np.std(said) / np.std(tap) / 10 ** (snr_db / 20))
    mixed[16_000 : 16_000 + len(said)] += said
    return np.asarray(mixed)


def test_a_command_beside_the_tap_is_obeyed(recogniser: Recogniser) -> None:
    mixed = beside_tap("yes-fjam.flac", 10.0)
    heard = hear_recording(recogniser, BOOK.phrases, mixed, BOOK.decoys)
    assert [one.text for one in heard if one.accepted] == ["yes"]


def test_a_command_that_the_tap_drowns_is_obeyed_where_the_second_opinion_is_sure(
    recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = beside_tap("repeat-flrp.flac", -6.0)
    heard = hear_recording(recogniser, BOOK.phrases, mixed, BOOK.decoys)
    assert [one.text for one in heard if one.accepted] == ["repeat"]
    assert heard[0].snr_db < Thresholds().snr_db
    monkeypatch.setattr(recogniser.second_opinion, "on", lambda stretch: {})
    heard = hear_recording(recogniser, BOOK.phrases, mixed, BOOK.decoys)
    assert [one.text for one in heard if one.accepted] == []


def test_a_second_opinion_is_asked_for_but_not_of_a_call(
    recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        recogniser.second_opinion, "on", lambda stretch: asked.append(len(stretch)) or {}
    )
    call = Phrase("hey guide", Command.WAKE)
    hear_recording(recogniser, (call,), sound("yes-fjam.flac"), BOOK.decoys)
    assert asked == []
    hear_recording(recogniser, BOOK.phrases, sound("yes-fjam.flac"), BOOK.decoys)
    assert asked
    assert all(EAR_RATE_HZ / 2 < length < 4 * EAR_RATE_HZ for length in asked)


@pytest.mark.parametrize("gain", [0.02, 3.0])
def test_the_level_of_a_recording_does_not_matter(recogniser: Recogniser, gain: float) -> None:
    heard = hear_recording(recogniser, BOOK.phrases, sound("yes-fjam.flac") * gain, BOOK.decoys)
    assert [one.text for one in heard if one.accepted] == ["yes"]


def test_what_is_not_live_is_not_obeyed(recogniser: Recogniser) -> None:
    live = BOOK.live([Command.NO, Command.STOP])
    heard = hear_recording(recogniser, live, sound("help-fnsv.flac"), BOOK.decoys)
    assert not any(one.accepted for one in heard)


def test_block_sizes_do_not_change_a_decision(recogniser: Recogniser) -> None:
    said = blocks(np.concatenate((np.zeros(16_000), sound("yes-fjam.flac"), np.zeros(16_000))))
    decisions = []
    for size in (800, 1111, len(said)):
        ears = Ears(recogniser, BOOK.decoys)
        ears.listen_for(BOOK.phrases)
        heard = []
        for start in range(0, len(said), size):
            block = said[start : start + size]
            heard += ears.hear(block, (start + len(block)) / EAR_RATE_HZ)
        decisions.append([(one.text, round(one.decided_seconds, 3)) for one in heard])
    assert decisions == [decisions[0]] * 3
    assert [text for text, _ in decisions[0]] == ["yes"]


def test_the_guide_does_not_obey_its_own_voice(recogniser: Recogniser) -> None:
    """The same words count when the guide is silent, and not when the guide itself says them."""
    word = sound("yes-fjam.flac")[3840:11_520]
    played = np.concatenate([np.zeros(16_000), *[word, np.zeros(9600)] * 2])
    rng = np.random.default_rng(5)
    came_back = blocks(0.2 * np.roll(played, 960) + rng.normal(0, 2e-4, len(played)))
    for guide, obeyed in ((False, 2), (True, 0)):
        ears = Ears(recogniser, BOOK.decoys)
        ears.listen_for(BOOK.phrases)
        heard = []
        for start in range(0, len(played) - 799, 800):
            level = 10 * np.log10(np.mean(played[start : start + 800] ** 2) + 1e-12)
            playing = Sounding(float(level)) if guide and level > -80 else SILENT
            heard += ears.hear(came_back[start : start + 800], (start + 800) / 16_000, playing)
        heard += ears.flush()
        assert [one.text for one in heard if one.accepted] == ["yes"] * obeyed


def test_who_speaks_over_the_guide_is_noticed_within_a_block(recogniser: Recogniser) -> None:
    """Two seconds of the guide's echo, then a person 18 dB over it; and nobody, for comparison."""
    rng = np.random.default_rng(5)
    echo = 0.01 * rng.normal(0, 1, 64_000) * (0.6 + 0.4 * np.sin(np.arange(64_000) / 900))
    person = np.zeros(64_000)
    person[40_000:48_000] = 0.08 * rng.normal(0, 1, 8_000)
    for over, noticed in ((person, [2.55, 2.6, 2.65]), (0 * person, [])):
        ears = Ears(recogniser, BOOK.decoys)
        ears.listen_for(BOOK.phrases)
        spoken_over = []
        for start in range(0, len(over), 800):
            end = (start + 800) / 16_000
            ears.hear(blocks((echo + over)[start : start + 800]), end, Sounding(-20.0))
            if ears.spoken_over:
                spoken_over.append(round(end, 2))
        assert spoken_over[:3] == noticed


@pytest.mark.parametrize(
    ("noise", "loud"),
    [(0.3, True), (0.0, False)],
)
def test_full_scale_noise_is_noticed_also_while_breath_swells_sound(
    recogniser: Recogniser, noise: float, loud: bool
) -> None:
    """Swells at −30 dBFS all the time, whose echo comes back 15 dB softer; no pause between."""
    rng = np.random.default_rng(5)
    ears = Ears(recogniser)
    ears.listen_for(BOOK.phrases[:3])
    for block in range(round(9.0 * 20)):
        swell = 0.03 * (0.3 + 0.7 * abs(np.sin(block / 40)))
        echo = rng.normal(0.0, 0.18 * swell, 800)
        over = rng.normal(0.0, noise if block > 60 else 0.0, 800)
        played = Sounding(20 * float(np.log10(swell)))
        ears.hear(blocks(echo + over), (block + 1) / 20, played)
    assert ears.loud is loud


def test_what_the_guide_has_just_asked_for_weighs_more(
    recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammars = []
    stream = recogniser.stream
    monkeypatch.setattr(recogniser, "stream", lambda texts: grammars.append(texts) or stream(texts))
    ears = Ears(recogniser)
    ears.listen_for(BOOK.live((Command.NEXT, Command.PAUSE), awaited=(Command.NEXT,)))
    # Once as it is spoken, and twice to hear it again: without decoys and among them.
    assert [grammar.count("next") / grammar.count("pause") for grammar in grammars] == [
        AWAITED_WEIGHT
    ] * 3


def test_a_word_that_the_model_lacks_is_named() -> None:
    """One in other letters; any other is learnt."""
    ears = open_ears(MODEL, BOOK.decoys)
    with pytest.raises(ModelError, match=r"'дальше' of the phrase 'next дальше'"):
        ears.listen_for((Phrase("next дальше", Command.NEXT),))


def test_the_shipped_model_knows_every_phrase_and_decoy(recogniser: Recogniser) -> None:
    words = {word for phrase in BOOK.phrases for word in phrase.text.split()}
    words |= {word for decoy in BOOK.decoys for word in decoy.split()}
    assert {word for word in words if not recogniser.knows(word)} == set()


def test_every_utterance_leaves_a_record_and_its_words_only_for_debugging(
    recogniser: Recogniser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, logger="voiceguide.ears"):
        hear_recording(recogniser, BOOK.phrases, sound("yes-fjam.flac"), BOOK.decoys)
    by_level = {record.levelno: record.getMessage() for record in caplog.records}
    assert by_level[logging.INFO].startswith("utterance decided command=yes reason=")
    assert "words=" not in by_level[logging.INFO]
    assert by_level[logging.DEBUG].startswith("utterance heard words=yes command=yes ")
    assert "next" in by_level[logging.DEBUG].split("live=")[1]


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ("am/final.mdl", 2_000_000),
        ("graph/Gr.fst", 200_000),
        pytest.param("graph/HCLr.fst", 100_000, marks=pytest.mark.long),
        pytest.param("conf/model.conf", 10, marks=pytest.mark.long),
        pytest.param("graph/phones/word_boundary.int", 30, marks=pytest.mark.long),
    ],
)
def test_a_half_model_is_one_sentence_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, size: int
) -> None:
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    broken = tmp_path / "model"
    shutil.copytree(MODEL, broken)
    with (broken / part).open("r+b") as file:
        file.truncate(size)
    with pytest.raises(ModelError, match="is broken") as raised:
        Recogniser(broken)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [None, b"", b"RIFF....WAVEfmt nonsense", b"\0" * 5000])
def test_an_unreadable_sound_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DeviceError, match=r"broken\.wav"):
        read_sound(path, EAR_RATE_HZ)
