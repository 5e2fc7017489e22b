"""What is said of a model that does not load in time."""

import subprocess

import pytest

from voiceguide.core.errors import ModelError
from voiceguide.edge.models import model_probe
from voiceguide.edge.models.model_probe import probe_model


def test_a_machine_too_busy_to_load_a_model_is_not_a_broken_model(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(model_probe, "damaged_file", lambda _: None)

    def never_done(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(model_probe.subprocess, "run", never_done)
    with pytest.raises(
        ModelError, match="did not load within 120 s: this machine is too busy"
    ) as e:
        probe_model(tmp_path)
    assert "broken" not in str(e.value)
    assert not (tmp_path / "cache").exists()  # it is tried again at the next start
