"""What ships is parsed once, and kept for the next start as long as nothing about it changes."""

import os
import pickle

import pytest

from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.routine_file import bundled_routines, read_routine
from voiceguide.edge.system import kept as kept_module
from voiceguide.edge.system.kept import kept


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "read" / "routine.pickle"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("one", "utf-8")
    return path


class Reader:
    """Counts how often a file is read."""

    def __init__(self, file):
        self.file, self.times = file, 0

    def again(self):
        return kept("routine", (self.file,), self._read)

    def _read(self):
        self.times += 1
        return self.file.read_text("utf-8")


def test_it_is_read_once_and_anew_where_the_file_has_changed(cache, file):
    reader = Reader(file)
    assert [reader.again(), reader.again()] == ["one", "one"]
    assert reader.times == 1
    file.write_text("two", "utf-8")
    os.utime(file, ns=(1, 1))
    assert [reader.again(), reader.again()] == ["two", "two"]
    assert reader.times == 2


def test_other_code_reads_it_anew(cache, file, monkeypatch):
    reader = Reader(file)
    reader.again()
    monkeypatch.setattr(kept_module, "_code", lambda: (("routine.py", 1, 1),))
    reader.again()
    assert reader.times == 2


@pytest.mark.parametrize("damage", [b"", b"no pickle", None])
def test_what_was_kept_may_be_damaged_or_not_writable(cache, file, damage):
    reader = Reader(file)
    reader.again()
    if damage is None:
        cache.unlink()
        cache.mkdir()
    else:
        cache.write_bytes(damage)
    assert reader.again() == "one"
    assert reader.times == 2


def test_nothing_but_values_of_this_package_is_made(cache, file, tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    reader = Reader(file)
    reader.again()
    stamp = pickle.dumps(pickle.loads(cache.read_bytes()))
    cache.write_bytes(stamp + pickle.dumps(Evil()))
    assert reader.again() == "one"
    assert not (tmp_path / "made").exists()


def test_a_routine_comes_back_as_it_was(cache):
    path = bundled_routines()["evening"]
    routine = read_routine(path)
    assert kept("routine", (path,), lambda: routine) == routine
    again = kept("routine", (path,), lambda: pytest.fail("it was kept"))
    assert again == routine
    assert isinstance(again, Routine)
