"""A person's own words: learnt, heard, kept, cleaned up; and a damaged model."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import soxr

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.errors import ModelError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.routine.routine import When
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.lexicon import own_words
from voiceguide.edge.lexicon.own_words import KEPT_MODELS, model_with_words
from voiceguide.edge.lexicon.pronouncing import pronounce
from voiceguide.edge.models.model_probe import probe_model
from voiceguide.edge.models.model_sums import SUMS_FILE, damaged_file, write_sums
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.voice.voice import Voice

MODEL = shipped_folder("models") / "voiceguide-en-1"
GUESSED = "flibbertigibbet"
LOOKED_UP = "retinol"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kept(cache: Path) -> set[str]:
    return {path.name for path in (cache / "models-with-words").iterdir()}


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other process tries a model first, as it does in the first test."""
    monkeypatch.setattr("voiceguide.edge.ears.recogniser.probe_model", lambda folder: None)


@pytest.fixture
def say(tmp_path: Path):
    with Voice(voice_name="en-us", cache_dir=tmp_path / "voice") as voice:

        def said(text: str) -> np.ndarray:
            clip = voice.render(text, 150)
            sound = soxr.resample(
                np.asarray(clip.samples, np.float64), clip.sample_rate_hz, EAR_RATE_HZ
            )
            silence = np.zeros(EAR_RATE_HZ)
            noise = np.random.default_rng(1).normal(0, 3e-4, len(sound) + 2 * len(silence))
            return np.concatenate((silence, sound, silence)) + noise

        yield said


def test_a_guessed_word_is_learnt_and_heard(say) -> None:
    assert pronounce([GUESSED])[GUESSED].guessed
    recogniser = Recogniser(MODEL)
    assert not recogniser.knows(GUESSED) and not recogniser.knows(LOOKED_UP)
    book = load_phrasebook()
    phrases = (
        *book.phrases,
        Phrase(GUESSED, Command.CHOOSE, "one"),
        Phrase(f"{LOOKED_UP} serum", Command.CHOOSE, "two"),
    )
    for phrase in phrases[-2:]:
        heard = hear_recording(recogniser, phrases, say(phrase.text), book.decoys)
        assert [one.phrase for one in heard if one.accepted] == [phrase]
    assert recogniser.knows(GUESSED) and recogniser.knows("stop")
    heard = hear_recording(recogniser, phrases, say("stop"), book.decoys)
    assert [one.text for one in heard if one.accepted] == ["stop"]


def said(*texts: str) -> list[Phrase]:
    return [Phrase(text, Command.NEXT) for text in texts]


def test_ears_learn_when_they_are_told_what_is_live(untried: None) -> None:
    recogniser = Recogniser(MODEL)
    ears = Ears(recogniser)
    ears.listen_for((Phrase(GUESSED, Command.NEXT),))
    ears.listen_for((Phrase(LOOKED_UP, Command.NEXT),))
    assert recogniser.knows(GUESSED) and recogniser.knows(LOOKED_UP)


def test_a_persons_own_pronunciation_is_what_is_heard(say, untried: None) -> None:
    """The word is said as nothing in its spelling suggests."""
    sound = (np.clip(say("banana"), -1, 1) * 32767).astype(np.int16)
    for own, text in (({}, "[unk]"), ({"zyxwv": ["B AH N AE N AH"]}, "zyxwv")):
        recogniser = Recogniser(MODEL, own)
        recogniser.check(said("zyxwv"))
        assert recogniser.stream(["zyxwv", "stop", "[unk]"]).whole(sound.tobytes()).text == text


def test_a_known_word_gets_a_persons_pronunciation_too(cache: Path, untried: None) -> None:
    recogniser = Recogniser(MODEL, {"stop": ["SH T AA P"]})
    recogniser.check(said("start"))
    assert not (cache / "models-with-words").exists()
    recogniser.check(said("stop", "start"))
    recogniser.check(said("stop"))
    (name,) = kept(cache)
    sources = own_words.read_sources(cache / "models-with-words" / name / "graph")
    known = own_words.read_sources(MODEL / "graph").lexicon["stop"]
    assert sources.lexicon["stop"] == [*known, "SH T AA P"]


def test_a_phrase_of_ones_own_is_learnt_as_a_whole(cache: Path, untried: None) -> None:
    recogniser = Recogniser(MODEL)
    call = Phrase(f"hey {GUESSED}", Command.WAKE)
    evening = Phrase(f"{GUESSED} steps evening", Command.CHOOSE, "own", When.EVENING)
    recogniser.check([*said(f"{GUESSED} steps", "next step", "next"), call, evening])
    (name,) = kept(cache)
    sources = own_words.read_sources(cache / "models-with-words" / name / "graph")
    before = own_words.read_sources(MODEL / "graph").lexicon.keys()
    assert sources.lexicon.keys() - before == {GUESSED, "steps", f"{GUESSED}_steps"} - before


def test_a_persons_pronunciation_counts_in_phrases_of_several_words(
    cache: Path, untried: None
) -> None:
    recogniser = Recogniser(MODEL, {"stop": ["SH T AA P"]})
    recogniser.check(said("stop the timer"))
    (name,) = kept(cache)
    sources = own_words.read_sources(cache / "models-with-words" / name / "graph")
    ways = sources.lexicon["stop_the_timer"]
    assert any(way.startswith("S T AA P") for way in ways)
    assert any(way.startswith("SH T AA P") for way in ways)


def test_a_word_that_nobody_could_say_is_named(untried: None) -> None:
    with pytest.raises(ModelError, match="does not know the word 'привет' of the phrase 'go при"):
        Recogniser(MODEL).check(said("stop", "go привет"))


def test_a_model_without_its_sources_says_what_it_said_before(
    tmp_path: Path, untried: None
) -> None:
    other = tmp_path / "other"
    shutil.copytree(MODEL, other)
    (other / "graph" / "lexicon.txt.gz").unlink()
    (other / SUMS_FILE).unlink()
    with pytest.raises(ModelError, match=f"the model other does not know the word '{GUESSED}'"):
        Recogniser(other).check(said(GUESSED))


def test_the_same_words_are_built_once(cache: Path) -> None:
    first = model_with_words(MODEL, {"gua": ["G W AA"], "zz": ["Z IY"]})
    made = (first / "graph" / "HCLr.fst").stat().st_mtime_ns
    assert model_with_words(MODEL, {"zz": ["Z IY"], "gua": ["G W AA"]}) == first
    assert (first / "graph" / "HCLr.fst").stat().st_mtime_ns == made
    assert model_with_words(MODEL, {"zz": ["Z EH D"], "gua": ["G W AA"]}) != first
    assert len(kept(cache)) == 2
    assert (first / "am" / "final.mdl").read_bytes() == (MODEL / "am" / "final.mdl").read_bytes()
    assert damaged_file(MODEL) is None


def test_a_changed_model_is_built_from_anew(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    before = model_with_words(model, {"zz": ["Z IY"]})
    (model / "conf" / "model.conf").write_text("--beam=10\n", encoding="utf-8")
    after = model_with_words(model, {"zz": ["Z IY"]})
    assert after != before
    assert (after / "conf" / "model.conf").read_text("utf-8") == "--beam=10\n"


def test_the_models_used_last_are_kept(cache: Path) -> None:
    folders = []
    for number in range(KEPT_MODELS + 2):
        folders.append(model_with_words(MODEL, {"zz": ["Z " * number + "IY"]}))
        os.utime(folders[-1], (number, number))
    model_with_words(MODEL, {"zz": ["IY"]})
    left = [folder for folder in folders if folder.exists()]
    assert len(kept(cache)) == KEPT_MODELS
    assert folders[-1] in left and folders[1] not in left


def test_what_was_left_half_done_is_removed_when_it_is_old(cache: Path) -> None:
    home = cache / "models-with-words"
    for name, age in (("half-old", 10), ("half-new", None)):
        (home / name / "graph").mkdir(parents=True)
        if age is not None:
            os.utime(home / name, (age, age))
    model_with_words(MODEL, {"zz": ["Z IY"]})
    assert "half-old" not in kept(cache) and "half-new" in kept(cache)


@pytest.mark.parametrize(
    "part", ["graph/HCLr.fst", "graph/words.txt", "conf/model.conf", "am/final.mdl", SUMS_FILE]
)
def test_a_model_cut_short_by_a_power_failure_is_built_again(part: str) -> None:
    added = {"zz": ["Z IY"]}
    folder = model_with_words(MODEL, added)
    whole = (folder / part).read_bytes()
    (folder / part).unlink()  # The file may be the model's own under a second name.
    (folder / part).write_bytes(b"")
    assert model_with_words(MODEL, added) == folder
    assert (folder / part).read_bytes() == whole


def test_a_disk_that_cannot_link_gets_a_copy(
    monkeypatch: pytest.MonkeyPatch, untried: None
) -> None:
    def cannot(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", cannot)
    folder = model_with_words(MODEL, {"zz": ["Z IY"]})
    assert (folder / "am" / "final.mdl").stat().st_nlink == 1
    assert Recogniser(folder).knows("zz")


def test_nothing_half_done_stays_when_it_fails(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_words, "rebuild", full)
    with pytest.raises(ModelError, match=r"words zz: No space left on device \(.*; free some"):
        model_with_words(MODEL, {"zz": ["Z IY"]})
    assert kept(cache) == set()


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be given the words zz: "):
        model_with_words(MODEL, {"zz": ["Z IY"]})


@pytest.mark.parametrize("name", ["lexicon.txt.gz", "filler.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x1f\x8b\x08nonsense"])
def test_damaged_sources_are_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    (model / "graph" / name).write_bytes(content)
    with pytest.raises(ModelError) as raised:
        model_with_words(model, {"zz": ["Z IY"]})
    assert "\n" not in str(raised.value)


def test_two_at_once_get_the_same_whole_model(cache: Path) -> None:
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(model_with_words(MODEL, {"zz": ["Z IY"]})))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert kept(cache) == {found[0].name}
    assert damaged_file(found[0]) is None


# ------------------------------------------------------------------ sums


def test_the_shipped_model_is_as_its_sums_say() -> None:
    assert damaged_file(MODEL) is None
    names = [line.split()[1] for line in (MODEL / SUMS_FILE).read_text("utf-8").splitlines()]
    assert {"am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst"} <= set(names)


def test_one_changed_byte_in_the_middle_is_found(tmp_path: Path, cache: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    probe_model(model)
    path = model / "graph" / "HCLr.fst"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"model is broken \(graph/HCLr\.fst is damaged\)"):
        probe_model(model)


def test_a_text_file_may_be_edited(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    (model / "graph" / "words.txt").write_bytes(b"<eps> 0\r\n")
    assert damaged_file(model) is None


def test_a_missing_file_and_empty_sums_are_damage(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(b"x")
    assert damaged_file(tmp_path) is None
    write_sums(tmp_path)
    assert damaged_file(tmp_path) is None
    (tmp_path / "am" / "final.mdl").unlink()
    assert damaged_file(tmp_path) == "am/final.mdl"
    (tmp_path / SUMS_FILE).write_bytes(b"")
    assert damaged_file(tmp_path) == SUMS_FILE
