import ctypes

import pytest

from voiceguide.edge.libraries import packages as libraries
from voiceguide.edge.libraries.packages import how_to_install, missing_library, package_of, why_not


def test_what_the_loader_of_this_machine_says_of_a_missing_library():
    with pytest.raises(OSError, match="libnowhere") as caught:
        ctypes.CDLL("libnowhere-at-all.so.9")
    assert missing_library(caught.value) == "libnowhere-at-all.so.9"


@pytest.mark.parametrize(
    ("said", "library"),
    [
        (
            "cannot load library 'libvosk.so': libatomic.so.1: cannot open shared object file: "
            "No such file or directory.  Additionally, ctypes.util.find_library() did not manage",
            "libatomic.so.1",
        ),
        ("Error loading shared library libgomp.so.1: No such file or directory", "libgomp.so.1"),
        ("PortAudio library not found", "libportaudio.so.2"),
        ("sndfile library not found", "libsndfile.so.1"),
        ("libespeak-ng.so: wrong ELF class: ELFCLASS64", None),
        ("No module named 'vosk'", None),
    ],
)
def test_the_missing_library(said, library):
    assert missing_library(OSError(said)) == library


def test_the_cause_of_an_error_may_be_the_missing_library():
    error = ImportError("something of NumPy failed")
    error.__cause__ = ImportError("libatomic.so.1: cannot open shared object file: No such file")
    assert missing_library(error) == "libatomic.so.1"


@pytest.mark.parametrize(
    ("release", "family"),
    [
        ({"ID": "debian"}, "debian"),
        ({"ID": "raspbian", "ID_LIKE": "debian"}, "debian"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "fedora"),
        ({"ID": "manjaro", "ID_LIKE": "arch"}, "arch"),
        ({"ID": "opensuse-leap", "ID_LIKE": "suse opensuse"}, "suse"),
        ({"ID": "alpine"}, None),
    ],
)
def test_the_kind_of_machine(release, family):
    assert libraries._family(release) == family


def test_the_package_of_a_library_on_each_kind_of_machine(monkeypatch):
    both = ("libatomic.so.1", "libportaudio.so.2")
    assert how_to_install(*both, family="debian") == (
        "install them (sudo apt-get install libatomic1 libportaudio2)"
    )
    assert how_to_install(both[0], family="fedora") == "install it (sudo dnf install libatomic)"
    assert how_to_install(both[0], family="arch") == "install it (sudo pacman -S gcc-libs)"
    monkeypatch.setattr(libraries, "_family", lambda: None)
    assert how_to_install(both[0]) == "install the package of your system that has libatomic.so.1"
    assert package_of(both[0]) == "libatomic1"
    assert "that has libodd.so.3" in how_to_install("libodd.so.3", family="debian")


def test_why_something_cannot_be_loaded_is_one_sentence(monkeypatch):
    monkeypatch.setattr(libraries, "_family", lambda: "debian")
    missing = OSError("libatomic.so.1: cannot open shared object file: No such file or directory")
    assert why_not("Vosk", missing) == (
        "Vosk cannot be loaded because libatomic.so.1 is missing; "
        "install it (sudo apt-get install libatomic1)"
    )
    assert why_not("Vosk", ImportError("No module named 'vosk'")) == (
        "Vosk cannot be loaded (No module named 'vosk'); set up voiceguide again"
    )
