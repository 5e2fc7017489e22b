"""Voice packs: what goes in comes out, damage is told, and one voice says a whole session."""

import json
import logging
import zipfile
from pathlib import Path

import numpy as np
import pytest

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SpeechError
from voiceguide.edge.voice import pack as pack_module
from voiceguide.edge.voice.choice import local_voice
from voiceguide.edge.voice.pack import PackHead, VoicePack, packed, write_pack
from voiceguide.edge.voice.pack_store import ENGINE, covering
from voiceguide.edge.voice.pack_voice import PackVoice
from voiceguide.sound.clip import Clip
from voiceguide.sound.lufs import loudness
from voiceguide.sound.voice_port import AtOnce, speak

RATE = 24_000
HEAD = PackHead("anna", "a tone", "en", "none", "these tests", 150, -21.0)
TEXTS = ("Hello.", "Left side first.", "Say go when you are ready.")


def tone(seconds: float) -> Clip:
    wave = 0.2 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * RATE)) / RATE)
    return Clip(wave.astype(np.float32), RATE, (SpokenWord("hello", 0.1, seconds - 0.1),))


def make(path: Path, texts=TEXTS, voice: str = "anna") -> Path:
    head = PackHead(voice, *(getattr(HEAD, name) for name in PackHead.__slots__[1:]))
    clips = (
        packed(text, f"{number:04}-1", tone(0.5 + 0.1 * number))
        for number, text in enumerate(texts)
    )
    assert [text for text, _ in write_pack(path, head, clips)] == list(texts)
    return path


def hurt(path: Path, name: str) -> None:
    """Change a byte in the middle of a clip."""
    with zipfile.ZipFile(path) as file:
        info = file.getinfo(name)
    data = bytearray(path.read_bytes())
    data[info.header_offset + 30 + len(name) + info.compress_size // 2] ^= 0xFF
    path.write_bytes(data)


class Other(AtOnce):
    """Another voice: half a second of nothing."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def render(self, text, words_per_minute):
        self.said.append(text)
        return Clip(np.zeros(RATE // 2, np.float32), RATE)


def test_what_goes_in_comes_out(tmp_path):
    pack = VoicePack(make(tmp_path / "a.pack"))
    assert pack.head == HEAD
    assert pack.texts == set(TEXTS)
    clip = pack.get("Left side first.")
    assert clip is not None
    whole = tone(0.6)
    assert (len(clip.samples), clip.sample_rate_hz) == (len(whole.samples), RATE)
    assert clip.words == whole.words
    assert loudness(clip) == pytest.approx(loudness(whole), abs=0.3)
    assert np.corrcoef(clip.samples, whole.samples)[0, 1] > 0.97
    assert pack.get("Never rendered.") is None
    assert pack.lacks(["Hello.", "Never rendered."]) == ["Never rendered."]


def test_what_was_made_of_the_same_is_taken_over_byte_for_byte(tmp_path):
    old = VoicePack(make(tmp_path / "a.pack"))
    kept = [old.packed(text, f"{number:04}-1") for number, text in enumerate(TEXTS)]
    assert all(kept)
    list(write_pack(tmp_path / "b.pack", HEAD, [kept[2], kept[0]]))
    new = VoicePack(tmp_path / "b.pack")
    assert new.texts == {TEXTS[0], TEXTS[2]}
    assert new.packed(TEXTS[2], "0002-1") == kept[2]
    assert new.packed(TEXTS[2], "0002-2") is None  # made otherwise
    assert new.packed(TEXTS[1], "0001-1") is None
    hurt(tmp_path / "b.pack", "0002-1.opus")
    assert VoicePack(tmp_path / "b.pack").packed(TEXTS[2], "0002-1") is None


def test_two_sentences_that_sound_alike_are_one_clip(tmp_path):
    clips = [packed(text, "same", tone(0.5)) for text in TEXTS[:2]]
    list(write_pack(tmp_path / "a.pack", HEAD, clips))
    with zipfile.ZipFile(tmp_path / "a.pack") as file:
        assert sorted(file.namelist()) == ["pack.json", "same.opus"]
    assert VoicePack(tmp_path / "a.pack").lacks(TEXTS[:2]) == []


def test_the_same_sentences_make_the_same_size_whenever_they_are_packed(tmp_path):
    one, two = make(tmp_path / "a.pack"), make(tmp_path / "b.pack")
    assert one.stat().st_size == two.stat().st_size


def test_a_damaged_sentence_is_told_once_and_said_otherwise(tmp_path, caplog):
    path = make(tmp_path / "a.pack")
    hurt(path, "0001-1.opus")
    other = Other()
    voice = PackVoice([VoicePack(path)], lambda: other)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert speak(voice, "Left side first.", 150).seconds == 0.5
        assert speak(voice, "Hello.", 150).seconds == pytest.approx(0.5)
    voice.close()
    assert other.said == ["Left side first."] * 3
    assert sum("damaged" in record.message for record in caplog.records) == 1


def test_a_sentence_that_is_asked_for_at_the_end_is_no_damage(tmp_path, caplog):
    pack = VoicePack(make(tmp_path / "anna.pack"))
    pack.close()
    with caplog.at_level(logging.WARNING, "voiceguide"):
        assert pack.get("Hello.") is None
    assert caplog.text == ""


@pytest.mark.parametrize("spoil", ["cut", "nothing", "text", "index", "format"])
def test_a_file_that_is_no_pack_is_one_sentence(tmp_path, spoil):
    path = make(tmp_path / "a.pack")
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif spoil == "nothing":
        path.unlink()
    elif spoil == "text":
        path.write_text("hello")
    else:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("pack.json" if spoil == "format" else "other", '{"format": "x/2"}')
    with pytest.raises(SpeechError, match=r"a\.pack"):
        VoicePack(path)


def test_another_pace_stretches_sound_and_words(tmp_path):
    voice = PackVoice([VoicePack(make(tmp_path / "a.pack"))], Other)
    slow, usual, fast = (speak(voice, "Hello.", rate) for rate in (110, 150, 220))
    assert slow.seconds == pytest.approx(usual.seconds * 150 / 110, rel=0.01)
    assert fast.seconds == pytest.approx(usual.seconds * 150 / 220, rel=0.01)
    assert slow.words[0].start_seconds == pytest.approx(0.1 * 150 / 110)
    voice.close()
    with pytest.raises(SpeechError, match="closed"):
        voice.submit("Hello.", 150)


def test_what_is_prepared_is_there_and_white_space_does_not_matter(tmp_path):
    voice = PackVoice([VoicePack(make(tmp_path / "a.pack"))], Other)
    voice.prepare(["Hello.", "Unknown."], 120)
    clip = speak(voice, " Hello.\n", 120)
    assert speak(voice, "Hello.", 120).seconds == clip.seconds
    voice.close()


def test_the_voice_that_can_say_all_is_chosen(tmp_path):
    files = [
        make(tmp_path / "a.pack", TEXTS[:2]),
        make(tmp_path / "b.pack", TEXTS, "bert"),
        make(tmp_path / "c.pack", TEXTS[2:]),
    ]
    packs, lack = covering(TEXTS[:2], files[:2])
    assert ([pack.path.name for pack in packs], lack) == (["a.pack"], None)
    packs, lack = covering(TEXTS, files[:2])
    assert [pack.head.voice for pack in packs] == ["bert"]
    packs, lack = covering(TEXTS, [files[0], files[2]])  # two packs of one voice
    assert [pack.path.name for pack in packs] == ["a.pack", "c.pack"]
    packs, lack = covering((*TEXTS, "More.", "Even more."), files[:1])
    assert packs == []
    assert lack is not None
    assert str(lack).startswith("the voice anna has no rendering of “Say go when you are ready.”")
    assert covering(TEXTS, []) == ([], None)


def test_a_damaged_pack_is_no_choice_for_a_session(tmp_path, caplog):
    path = make(tmp_path / "a.pack")
    hurt(path, "0002-1.opus")
    packs, lack = covering(TEXTS, [path])
    assert packs == []
    assert lack is not None
    assert lack.texts == ("Say go when you are ready.",)


def test_a_pack_that_is_named_must_be_able_to_say_all(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path))
    path = make(tmp_path / "a.pack")
    for name in (str(path), "anna"):
        voice, note = local_voice(name, TEXTS)
        assert isinstance(voice, PackVoice)
        assert note == ""
        voice.close()
        with pytest.raises(SpeechError, match="no rendering of 1 sentences"):
            local_voice(name, (*TEXTS, "More."))


def test_the_engine_can_be_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path))
    make(tmp_path / "a.pack")
    voice, note = local_voice(ENGINE, TEXTS)
    assert not isinstance(voice, PackVoice)
    assert note == ""
    voice.close()


def test_a_clip_without_its_words_is_damaged_and_no_error_of_the_program(tmp_path):
    path = make(tmp_path / "a.pack")
    with zipfile.ZipFile(path) as file:
        parts = {info: file.read(info) for info in file.infolist()}
    index = json.loads(parts[next(info for info in parts if info.filename == "pack.json")])
    index["sentences"][0]["words"] = [["one", 0.0]]
    with zipfile.ZipFile(path, "w") as file:
        for info, data in parts.items():
            is_index = info.filename == "pack.json"
            file.writestr(info, json.dumps(index) if is_index else data)
    pack = VoicePack(path)
    text = index["sentences"][0]["text"]
    assert pack.lacks([text]) == [text]
    assert pack.packed(text, "0000-1") is None
    assert pack.get(text) is None


def test_a_pack_that_another_takes_the_place_of_while_it_is_opened_is_read_anew(
    tmp_path, monkeypatch
):
    path, other = make(tmp_path / "a.pack"), make(tmp_path / "b.pack", TEXTS[1:], "ben")
    kept = pack_module.kept

    def replaced(name, files, read):
        if other.exists():
            other.replace(path)
        return kept(name, files, read)

    monkeypatch.setattr(pack_module, "kept", replaced)
    pack = VoicePack(path)
    assert (pack.head.voice, pack.texts) == ("ben", set(TEXTS[1:]))
    assert pack.get(TEXTS[1]) is not None


def test_packs_of_one_name_in_two_folders_do_not_take_each_others_place(tmp_path, monkeypatch):
    files = [tmp_path / folder / "a.pack" for folder in ("made", "shipped")]
    for path in files:
        path.parent.mkdir()
        VoicePack(make(path)).lacks(TEXTS)
    monkeypatch.setattr(pack_module, "_index_of", lambda _: pytest.fail("the index was read again"))
    monkeypatch.setattr(
        VoicePack, "_is_whole", lambda *_: pytest.fail("the pack was checked again")
    )
    assert [VoicePack(path).lacks(TEXTS) for path in files] == [[], []]


def test_a_pack_whose_path_is_written_in_two_ways_is_read_once(tmp_path, monkeypatch):
    path = make(tmp_path / "a.pack")
    (tmp_path / "made").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path)
    VoicePack(path).lacks(TEXTS)
    monkeypatch.setattr(pack_module, "_index_of", lambda _: pytest.fail("the index was read again"))
    monkeypatch.setattr(
        VoicePack, "_is_whole", lambda *_: pytest.fail("the pack was checked again")
    )
    monkeypatch.chdir(tmp_path)
    for folder in (Path(), Path("made/.."), tmp_path / "linked", tmp_path):
        assert VoicePack(folder / "a.pack").lacks(TEXTS) == []
