"""A model is tried when it is new, summed at each start, and what is wrong with it is said."""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest

from voiceguide.core.errors import ModelError
from voiceguide.edge.models import model_probe
from voiceguide.edge.models.model_probe import probe_model
from voiceguide.edge.models.shipped import shipped_folder

MODEL = shipped_folder("models") / "voiceguide-en-1"


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


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """The folders that were loaded in another process; each of them was whole."""
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    folders = []

    def run(command, **_):
        folders.append(command[-1])
        return SimpleNamespace(stderr="", stdout="whole\n")

    monkeypatch.setattr(model_probe.subprocess, "run", run)
    return folders


@pytest.mark.parametrize("part", ["graph/HCLr.fst", "graph/Gr.fst", "am/final.mdl"])
def test_a_block_that_went_bad_while_size_and_time_stayed_is_found_at_the_next_start(
    tmp_path, tried, part
):
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    probe_model(model)
    path = model / part
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        block = file.read(512)
        file.seek(-len(block), os.SEEK_CUR)
        file.write(bytes(byte ^ 0x10 for byte in block))
    os.utime(path, ns=times)
    with pytest.raises(ModelError, match=f"is broken \\({part} is damaged\\)"):
        probe_model(model)


def test_a_model_that_is_as_it_was_is_tried_once(tmp_path, tried):
    probe_model(MODEL)
    probe_model(MODEL)
    assert tried == [str(MODEL)]


def test_a_model_too_large_to_be_summed_each_time_is_tried_again_when_it_has_changed(
    tmp_path, tried, monkeypatch
):
    monkeypatch.setattr(model_probe, "MOST_SUMMED_BYTES", 1000)
    model = tmp_path / "model"
    shutil.copytree(MODEL, model)
    for _ in range(2):
        probe_model(model)
    assert len(tried) == 1
    (model / "README").write_text("another one")
    probe_model(model)
    assert len(tried) == 2
