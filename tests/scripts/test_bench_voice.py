"""The bench of the guide's voice: what is compared, and at which level the noise is."""

import json
import math

import numpy as np
import pytest
import soundfile
from bench.voice import command, judge, material

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SettingsError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.timeline.speech import spoken_seconds
from voiceguide.edge.voice.pack import PackHead, VoicePack, packed, write_pack
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Clip
from voiceguide.sound.lufs import loudness
from voiceguide.sound.speech import SPEECH_LUFS


def test_the_pace_of_a_pack_is_told_and_what_is_missing_to_listen(tmp_path, monkeypatch, capsys):
    text = "Say go when you are ready."
    half = spoken_seconds(text, 150) / 12
    # Each word sounds for half the time that it has: twice as fast as the pace of the pack.
    words = tuple(SpokenWord(word, n * half, (n + 1) * half) for n, word in enumerate(text.split()))
    clip = Clip(np.full(24_000, 0.1, np.float32), 24_000, words)
    head = PackHead("anna", "a tone", "en", "none", "these tests", 150, -21.0)
    list(write_pack(tmp_path / "a.pack", head, [packed(text, "1-1", clip)]))
    monkeypatch.setattr(command, "missing", lambda: "nobody listens")
    monkeypatch.setattr(command, "open_packs", lambda: {"anna": [VoicePack(tmp_path / "a.pack")]})
    figures = tmp_path / "new" / "voice.json"
    assert command.main(["--voice", "anna", "--json", str(figures)]) == 0
    told = json.loads(figures.read_text("utf-8"))
    assert told["without"] == "nobody listens"
    by_words, *_, of_wanted = told["pace"]["anna"]
    assert by_words["middle"] == pytest.approx(60 / half, rel=0.01)
    assert of_wanted["middle"] == pytest.approx(0.5, rel=0.01)
    shown = capsys.readouterr().out
    assert "| words a minute" in shown
    assert shown.endswith("nobody listens\n")


def test_clips_cannot_be_heard_without_a_listener(monkeypatch, capsys):
    monkeypatch.setattr(command, "missing", lambda: "nobody listens")
    assert command.main(["--clips", "any.pack"]) == 1
    assert capsys.readouterr().err == "bench_voice: nobody listens\n"


def test_words_are_compared_as_they_are_said():
    assert judge.plain_words("Hold for 2 min. — left side!") == "hold for two minutes left side"
    assert judge.plain_words("that’s well-known") == "that's well known"


@pytest.mark.parametrize("snr_db", [6.0, 0.0])
def test_the_noise_is_set_against_the_plain_voice_where_the_listener_is(snr_db):
    at = np.arange(2 * EAR_RATE_HZ) / EAR_RATE_HZ
    plain = Clip((0.1 * np.sin(2 * math.pi * 440 * at)).astype(np.float32), EAR_RATE_HZ)
    louder = Clip(2 * plain.samples, EAR_RATE_HZ)
    quiet = {clip: material.heard([clip], [plain], "2 m", None)[0] for clip in (plain, louder)}
    for clip in (plain, louder):
        (noisy,) = material.heard([clip], [plain], "2 m", snr_db)
        noise_db = 10 * math.log10(np.mean(np.square(noisy - quiet[clip], dtype=np.float64)))
        assert active_level_db(quiet[plain]) - noise_db == pytest.approx(snr_db, abs=0.01)


def test_the_same_sentences_are_taken_every_time():
    assert material.sentences(24) == material.sentences(24)
    assert len(set(material.sentences(24))) == 24


def test_recorded_people_are_as_long_and_as_loud_as_our_sentences(tmp_path):
    rate, at = 16_000, np.arange(2 * EAR_RATE_HZ) / EAR_RATE_HZ
    for folder, name in (("speech/an4", "a"), ("speech/read", "b"), ("people", "c")):
        (tmp_path / folder).mkdir(parents=True)
        sound = (0.01 * np.sin(2 * math.pi * 440 * at)).astype(np.float32)
        soundfile.write(tmp_path / folder / f"{name}.flac", sound, rate)
    (tmp_path / "speech" / "transcripts.tsv").write_text(
        "file\tspeaker\ttext\n"
        "an4/a.flac\tx\tb c d e f g h\n"
        'read/b.flac\tx\t"he said so to everybody there\n'
        "read/b.flac\tx\ttoo short\n"
    )
    (tmp_path / "people" / "people.tsv").write_text(
        "file\tspeaker\ttext\tsource\tlicence\nc.flac\ty\tShe has said so to me too.\tz\tCC0\n"
    )
    people = material.recorded(tmp_path, 10)
    assert [one.text for one in people] == [
        '"he said so to everybody there',
        "She has said so to me too.",
    ]
    for one in people:
        assert loudness(one.clip) == pytest.approx(SPEECH_LUFS, abs=0.2)
    with pytest.raises(SettingsError, match="no sentences"):
        material.recorded(tmp_path / "speech" / "read", 10)
