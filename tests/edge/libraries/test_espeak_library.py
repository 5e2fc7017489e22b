"""Which espeak-ng is loaded, and that its driver needs no thread of it."""

import sys
import tempfile

import pytest

from voiceguide.edge.libraries import espeak_library
from voiceguide.edge.libraries.espeak_library import SONAME, load_espeak

PACKAGE = "/packages/libespeak-ng.so"


class FakeLibrary:
    def __init__(self, path):
        self.path = path
        self.espeak_Info = lambda _: b"1.51 and more"


@pytest.fixture
def machine(monkeypatch):
    """Say which of the two libraries are there."""

    def there(*paths):
        def load(path):
            if path not in paths:
                raise OSError(f"{path}: cannot open shared object file: No such file")
            return FakeLibrary(path)

        loader = type(sys)("espeakng_loader")
        loader.get_library_path, loader.get_data_path = lambda: PACKAGE, lambda: "/packages/data"
        monkeypatch.setitem(sys.modules, "espeakng_loader", loader)
        monkeypatch.setattr(espeak_library.ctypes, "CDLL", load)
        monkeypatch.setattr(espeak_library.sys, "platform", "linux")

    return there


@pytest.mark.parametrize(
    ("processor", "there", "origin"),
    [
        ("x86_64", (PACKAGE, SONAME), "package"),
        ("aarch64", (PACKAGE, SONAME), "system"),
        ("x86_64", (SONAME,), "system"),
        ("aarch64", (PACKAGE,), "package"),
    ],
)
def test_which_library_speaks(machine, processor, there, origin):
    machine(*there)
    found = load_espeak(processor)
    assert (found.origin, found.version) == (origin, "1.51")
    assert found.data == ("/packages/data" if origin == "package" else None)


def test_no_library_at_all_is_an_error_that_names_it(machine, monkeypatch):
    machine()
    with pytest.raises(OSError, match=r"libespeak-ng\.so: cannot open"):
        load_espeak("x86_64")
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(OSError, match=r"libespeak-ng\.so\.1: cannot open"):
        load_espeak("x86_64")


def test_a_long_data_path_is_reached_by_a_short_one(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(espeak_library, "_LONGEST_DATA_PATH", 3)
    machine(PACKAGE)
    (link,) = {load_espeak("x86_64").data for _ in range(2)}
    assert list(tmp_path.iterdir()) == [tmp_path / link]
    (tmp_path / link).unlink()
    (tmp_path / link).symlink_to("/somebody/elses")
    with pytest.raises(OSError, match="is not ours; remove it"):
        load_espeak("x86_64")
