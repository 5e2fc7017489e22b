"""Corpora, the recordings they are read from, and Kaldi's compressed numbers."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from train.corpus import UNLABELLED, Corpus, CorpusWriter, is_complete
from train.kaldi_format import Writer
from train.recordings import gather_people, list_people, read_recording


def test_a_corpus_reads_as_it_was_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    first, second = (rng.integers(-999, 999, n).astype(np.int16) for n in (1000, 3200))
    labels = np.arange(6, dtype=np.uint8)
    with CorpusWriter(tmp_path, "some") as corpus:
        corpus.add(first, source="an4", speaker="a", text="go", labels=labels)
        corpus.add(second, source="tap", speaker="b", text="")
        assert not is_complete(tmp_path, "some")
    found = Corpus(tmp_path, "some")
    go, tap = found
    np.testing.assert_array_equal(found.samples(go), first[:960])  # whole labels only
    np.testing.assert_array_equal(found.samples(tap), second)
    np.testing.assert_array_equal(found.labels(go), labels)
    assert not found.labels(tap).any()  # no speech: silence throughout


def test_labels_can_be_given_later(tmp_path: Path) -> None:
    with CorpusWriter(tmp_path, "some") as corpus:
        corpus.add(np.zeros(1600, np.int16), source="an4", speaker="a", text="go")
    found = Corpus(tmp_path, "some")
    (clip,) = found
    assert (found.labels(clip) == UNLABELLED).all()
    found.relabel(clip, np.full(10, 7, np.uint8))
    found.save_labels()
    assert (Corpus(tmp_path, "some").labels(clip) == 7).all()


def test_an_interrupted_corpus_is_not_complete(tmp_path: Path) -> None:
    def write() -> None:
        with CorpusWriter(tmp_path, "some") as corpus:
            corpus.add(np.zeros(1600, np.int16), source="an4", speaker="a", text="go")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert not is_complete(tmp_path, "some")


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    folder = tmp_path / "audio"
    for part, name, rate_hz in (
        ("commands", "a.wav", 16_000),
        ("words", "b.wav", 48_000),
        ("words", "c.wav", 16_000),
    ):
        (folder / part).mkdir(parents=True, exist_ok=True)
        tone = 0.25 * np.sin(2 * np.pi * 440 * np.arange(rate_hz // 2) / rate_hz)
        soundfile.write(folder / part / name, tone, rate_hz)
    (folder / "commands/commands.tsv").write_text("file\tspeaker\ttext\na.wav\tanna\tgo\n")
    (folder / "words/words.tsv").write_text(
        "file\tspeaker\ttext\nb.wav\tbert\tBed\nc.wav\t\talexa\n"
    )
    return folder


def test_people_are_listed_with_source_and_speaker(audio: Path) -> None:
    found = [(one.source, one.speaker, one.text) for one in list_people(audio)]
    assert found == [
        ("an4", "anna", "go"),
        ("speech-commands", "bert", "bed"),
        ("wake-words", "c", "alexa"),  # an unknown speaker is one of their own
    ]


def test_words_of_the_web_have_neither_case_nor_punctuation(audio: Path) -> None:
    (audio / "people").mkdir()
    (audio / "people/people.tsv").write_text(
        "file\tspeaker\ttext\tsource\tlicence\n"
        'd.opus\tzoe\t"It\u2019s ""well-known"", isn\'t it?"\tsome/where\tCC0\n'
    )
    found = [one for one in list_people(audio) if one.source == "people"]
    assert [(one.speaker, one.text) for one in found] == [("zoe", "it's well known isn't it")]
    assert found[0].path == audio / "people/d.opus"


def test_common_voice_is_read_in_its_own_layout(tmp_path: Path) -> None:
    folder = tmp_path / "cv-corpus" / "en"
    (folder / "clips").mkdir(parents=True)
    header = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\n"
    (folder / "validated.tsv").write_text(
        header
        + 'a1\tcommon_voice_en_1.mp3\t"Then whose is it?" he asked.\t2\t0\t\t\t\n'
        + "b2\tcommon_voice_en_2.mp3\tNext.\t2\t0\t\t\t\n"
        + "b2\tcommon_voice_en_3.mp3\t...\t2\t0\t\t\t\n"
    )
    (folder / "invalidated.tsv").write_text(header + "c3\tno.mp3\tNo.\t0\t2\t\t\t\n")
    found = list(list_people(folder.parent))
    assert [(one.source, one.speaker, one.text) for one in found] == [
        ("common-voice", "a1", "then whose is it he asked"),
        ("common-voice", "b2", "next"),
    ]
    assert found[1].path == folder / "clips" / "common_voice_en_2.mp3"


def test_spoken_words_are_read_in_the_corpus_own_layout(tmp_path: Path) -> None:
    folder = tmp_path / "mswc" / "en"
    (folder / "clips" / "next").mkdir(parents=True)
    (folder / "en_splits.csv").write_text(
        "SET,LINK,WORD,VALID,SPEAKER,GENDER\n"
        "TRAIN,next/common_voice_en_7.opus,next,True,s1,NA\n"
        "TEST,next/common_voice_en_8.opus,next,False,s2,NA\n"
        "DEV,next/common_voice_en_9.opus,next,True,NA,NA\n"
    )
    found = list(list_people(folder.parent))
    assert [(one.source, one.speaker, one.text) for one in found] == [
        ("mswc", "s1", "next"),
        ("mswc", "common_voice_en_9", "next"),  # nobody knows who: a speaker of their own
    ]
    assert found[0].path == folder / "clips" / "next" / "common_voice_en_7.opus"


def test_any_rate_becomes_16_khz(audio: Path) -> None:
    found = read_recording(audio / "words/b.wav")
    assert found.dtype == np.int16
    assert abs(len(found) - 8000) < 2
    assert 7500 < np.abs(found).max() < 9000


def test_a_broken_recording_is_named(audio: Path, tmp_path: Path) -> None:
    (audio / "words/b.wav").write_bytes(b"no sound")
    with pytest.raises(SystemExit, match=r"b\.wav cannot be read"):
        gather_people(tmp_path, audio)
    assert not is_complete(tmp_path / "corpora", "people")


def test_compressed_matrices_lose_next_to_nothing() -> None:
    values = np.random.default_rng(0).normal(0, 0.3, (5, 7)).astype(np.float32)
    writer = Writer()
    writer.compressed(values)
    head = bytes(writer.data[2:])
    assert head.startswith(b"CM2 ")
    low, span, rows, columns = struct.unpack_from("<ffii", head, 4)
    assert (rows, columns) == values.shape
    whole = np.frombuffer(head, "<u2", rows * columns, 20).reshape(rows, columns)
    np.testing.assert_allclose(low + span / 65535 * whole, values, atol=span / 65535)
