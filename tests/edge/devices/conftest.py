"""Fixtures of the devices that are no real ones."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from support.fake_devices import FakeMicrophone, FakeSpeaker

from voiceguide.edge.devices import input as input_module
from voiceguide.edge.devices import output as output_module
from voiceguide.edge.devices import reopening


@pytest.fixture
def fake_devices(monkeypatch):
    """Have fakes be opened instead of real devices, and be there."""
    monkeypatch.setattr(output_module, "Speaker", FakeSpeaker)
    monkeypatch.setattr(input_module, "Microphone", FakeMicrophone)
    for module in (output_module, input_module):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
        monkeypatch.setattr(module, "ROUSE_SECONDS", 0.0)
    monkeypatch.setattr(reopening.open_streams, "reopening", nullcontext)
    monkeypatch.setattr(FakeSpeaker, "hangs", False)
    monkeypatch.setattr(FakeSpeaker, "opening", nullcontext())
    FakeSpeaker.made.clear()
    FakeSpeaker.there = FakeMicrophone.there = True


@pytest.fixture
def clock(monkeypatch):
    """Seconds by which an output rests and waits, in a list of one."""
    now = [1000.0]
    for module in (output_module, input_module):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now
