"""Ears that listen for nothing but their being called, with a synthetic voice."""

import numpy as np
import pytest
from support.loaded import load_once

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.edge.ears.ears import open_ears
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.resample import resample

RATE = 16_000
CALL = Phrase("hey guide", Command.WAKE)


@pytest.fixture(autouse=True)
def once(monkeypatch):
    """The model is loaded once."""
    load_once(monkeypatch, "voiceguide.edge.ears.ears.Recogniser")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """A synthetic voice, saying whatever is asked for in a quiet room."""
    with Voice(voice_name="en-us", cache_dir=tmp_path_factory.mktemp("voice")) as voice:

        def say(words):
            samples = resample(voice.render(words, 150), RATE).samples * 10_000
            room = np.random.default_rng(0).normal(0, 10, 3 * RATE)
            room[RATE : RATE + len(samples)] += samples
            return room.astype(np.int16)

        yield say


def follow(sound):
    """Block by block: whether it may be called, and whether it was."""
    ears = open_ears(resolve_model(None), load_phrasebook().decoys, phrases=(CALL,))
    ears.listen_for((CALL,))
    perhaps, called = [], []
    for end in range(BLOCK_SAMPLES, len(sound) + 1, BLOCK_SAMPLES):
        heard = ears.hear(sound[end - BLOCK_SAMPLES : end], end / RATE)
        called.append(any(one.accepted for one in heard))
        perhaps.append(ears.may_be_called)
    return perhaps, called


def test_it_tells_of_a_call_before_it_is_sure(said):
    perhaps, called = follow(said("hey guide"))
    assert sum(called) == 1
    assert perhaps.index(True) + 3 <= called.index(True)
    assert not perhaps[-1]


def test_other_words_are_not_taken_for_a_beginning_call(said):
    assert not any(follow(said("a small coffee please"))[0])
