"""A phrase file of one's own, from the settings to what is heard."""

import json

import soundfile

from voiceguide.__main__ import main
from voiceguide.edge.files.phrase_file import PHRASES_FOLDER
from voiceguide.edge.voice.voice import Voice


def test_a_word_of_ones_own_is_obeyed(tmp_path, monkeypatch, capsys):
    text = (PHRASES_FOLDER / "en.yaml").read_text("utf-8").replace("[next,", "[next, zyxwv,")
    own = tmp_path / "mine.yaml"
    own.write_text(f"{text}\npronunciations:\n  zyxwv: L AE V AH N D ER\n", encoding="utf-8")
    with Voice(voice_name="en-us", cache_dir=tmp_path / "voice") as voice:
        said = voice.render("lavender", 150)
    soundfile.write(tmp_path / "said.wav", said.samples, said.sample_rate_hz)
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("VOICEGUIDE_EARS_PHRASES", str(own))
    assert main(["hear", "--json", str(tmp_path / "said.wav")]) == 0
    (heard,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (heard["phrase"], heard["command"]) == ("zyxwv", "next")
