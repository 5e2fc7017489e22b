"""The second opinion: its file, and what the shipped one makes of recordings of people."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.places import EARS_DATA as DATA

from voiceguide.core.errors import ModelError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.ears.second_opinion import FILE, SecondOpinion, second_opinion
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.shipped import shipped_folder

MODEL = shipped_folder("models") / "voiceguide-en-1"


@pytest.fixture(scope="module")
def shipped() -> SecondOpinion:
    return SecondOpinion(MODEL / FILE)


def recording(name: str) -> np.ndarray:
    samples = read_sound(DATA / name, EAR_RATE_HZ).samples
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


@pytest.mark.parametrize("name", ["go-mcfl", "help-fnsv", "no-fbbh", "stop-mjbh", "yes-fjam"])
def test_it_holds_what_a_person_said_for_the_likeliest(shipped: SecondOpinion, name: str) -> None:
    opinion = shipped.on(recording(f"{name}.flac"))
    assert max(opinion, key=lambda phrase: opinion[phrase]) == name.partition("-")[0]
    assert opinion[name.partition("-")[0]] > 0.5


@pytest.mark.parametrize("name", ["happy.opus", "tap.flac"])
def test_it_holds_anything_else_for_no_phrase(shipped: SecondOpinion, name: str) -> None:
    assert sum(shipped.on(recording(name)[: 2 * EAR_RATE_HZ]).values()) < 0.2


def test_it_is_asked_about_a_whole_utterance_however_short_or_long(shipped: SecondOpinion) -> None:
    noise = np.random.default_rng(1).normal(0, 100, 4 * EAR_RATE_HZ).astype(np.int16)
    assert shipped.on(noise[:0]) == shipped.on(noise[:3000]) == {}
    for samples in (3600, 16_000, len(noise)):
        opinion = shipped.on(noise[:samples])
        assert set(opinion) == set(shipped.phrases)
        assert all(0 <= likely <= 1 for likely in opinion.values())
        assert sum(opinion.values()) < 1


def test_the_shipped_one_knows_every_bundled_phrase(shipped: SecondOpinion) -> None:
    assert {phrase.text for phrase in load_phrasebook().phrases} <= set(shipped.phrases)


def test_a_model_without_the_file_has_none(tmp_path: Path) -> None:
    assert second_opinion(tmp_path) is None


@pytest.mark.parametrize("damage", ["cut", "other", "array", "shape", "empty"])
def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "my-model" / FILE
    path.parent.mkdir(parents=True)
    if damage == "cut":
        path.write_bytes((MODEL / FILE).read_bytes()[:5000])
    elif damage == "other":
        np.savez(path, something=np.zeros(3))
    elif damage == "array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif damage == "shape":
        with np.load(MODEL / FILE) as whole:
            parts = dict(whole)
        np.savez(path, **parts | {"out.weight": parts["out.weight"][:, 1:]})
    else:
        path.touch()
    with pytest.raises(
        ModelError, match=r"my-model is broken \(opinion/network.npz cannot be read"
    ):
        second_opinion(path.parent.parent)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_it_is_computed_by_one_thread() -> None:
    code = (
        "import sys, voiceguide, numpy as np; from pathlib import Path; "
        "from voiceguide.edge.ears.second_opinion import SecondOpinion; "
        "SecondOpinion(Path(sys.argv[1])).on(np.ones(16_000, np.int16)); "
        "print(Path('/proc/self/status').read_text().partition('Threads:')[2].split()[0])"
    )
    environment = {key: value for key, value in os.environ.items() if "THREADS" not in key}
    done = subprocess.run(
        [sys.executable, "-c", code, str(MODEL / FILE)],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.stdout.split() == ["1"]


def test_the_recogniser_brings_that_of_its_model() -> None:
    assert Recogniser(MODEL).second_opinion is not None
