"""A work folder for training in miniature: ten people, talk, a knock, a tap, a room."""

import json
from pathlib import Path

import numpy as np
from train.corpus import PHONES, CorpusWriter

GO = ["G", "OW"]
BED = ["B", "EH", "D"]


def speech(phones: list[str], seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Tones between silences (0.1 s), one for each phone, with labels."""
    frames = round(seconds * 100)
    labels = np.zeros(frames + 20, np.uint8)
    labels[10:-10] = np.repeat(
        [PHONES.index(phone) for phone in phones], -(-frames // len(phones))
    )[:frames]
    hertz = 300 + 60 * np.repeat(labels, 160).astype(float)
    tone = 3000 * np.sin(2 * np.pi * np.cumsum(hertz) / 16_000)
    return (tone * (np.repeat(labels, 160) > 0)).astype(np.int16), labels


def build(work: Path) -> Path:
    """Write all corpora, rooms and words."""
    rng = np.random.default_rng(0)
    corpora = work / "corpora"
    with CorpusWriter(corpora, "people") as people:
        for speaker in ("anna", "bert", "cleo", "dora"):
            sound, labels = speech(GO, 0.4)
            people.add(sound, source="an4", speaker=speaker, text="go", labels=labels)
        for speaker in ("emil", "fritz", "gwen", "hans", "ida", "jan"):  # some are left aside
            sound, labels = speech(BED, 0.5)
            people.add(sound, source="vctk", speaker=speaker, text="bed", labels=labels)
            sound, labels = speech(BED * 4, 3.0)
            people.add(sound, source="vctk", speaker=speaker, text="bed bed bed bed", labels=labels)
    with CorpusWriter(corpora, "synthetic") as synthetic:
        sound, labels = speech(GO, 0.5)
        synthetic.add(sound, source="flite", speaker="slt", text="go", labels=labels)
    with CorpusWriter(corpora, "events") as events:
        knock = rng.normal(0, 3000, 8000).astype(np.int16)
        events.add(knock, source="knock", speaker="1", text="")
    with CorpusWriter(corpora, "noise") as noise:
        tap = rng.normal(0, 900, 160_000).astype(np.int16)
        noise.add(tap, source="tap", speaker="1", text="")
    np.savez(corpora / "rooms.npz", responses=np.eye(1, 1600, dtype=np.float32))
    (work / "vocabulary.json").write_text(json.dumps({"go": [[GO]]}))
    (work / "lexicon.json").write_text(json.dumps({"go": [GO], "bed": [BED]}))
    return work
