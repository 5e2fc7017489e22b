"""Archives that mean no good are refused whole."""

import stat
import zipfile
from pathlib import Path

import pytest

from voiceguide.core.errors import ModelError
from voiceguide.edge.models.unpack import unpack

MOST_BYTES = 100_000


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "out" / "here"
    folder.mkdir(parents=True)
    return folder


def archive_of(tmp_path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    path = tmp_path / "test.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_one_top_folder_is_taken_off(tmp_path, target):
    unpack(
        archive_of(tmp_path, ("top/", b""), ("top/a", b"1"), ("top/b/c", b"2")),
        target,
        most_bytes=MOST_BYTES,
    )
    assert files_in(target) == {"a": b"1", "b/c": b"2"}


def test_several_at_the_top_stay_as_they_are(tmp_path, target):
    unpack(archive_of(tmp_path, ("am/a", b"1"), ("b", b"2")), target, most_bytes=MOST_BYTES)
    assert files_in(target) == {"am/a": b"1", "b": b"2"}


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "evil",
    ["/etc/evil", "../evil", "top/../../evil", "top\\..\\evil", "C:/evil", link("top/evil")],
    ids=str,
)
def test_an_entry_outside_refuses_all(tmp_path, target, evil):
    archive = archive_of(tmp_path, ("top/good", b"1"), (evil, b"/etc/passwd"))
    with pytest.raises(ModelError, match="does not belong into a model"):
        unpack(archive, target, most_bytes=MOST_BYTES)
    assert files_in(tmp_path / "out") == {}


def test_the_same_file_twice(tmp_path, target):
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = archive_of(tmp_path, ("top/a", b"1"), ("top/a", b"2"))
    with pytest.raises(ModelError, match="does not belong"):
        unpack(archive, target, most_bytes=MOST_BYTES)


def test_a_bomb(tmp_path, target):
    archive = archive_of(tmp_path, ("top/a", bytes(MOST_BYTES)), ("top/b", b"1"))
    assert archive.stat().st_size < 1000
    with pytest.raises(ModelError, match="unpacks to more"):
        unpack(archive, target, most_bytes=MOST_BYTES)
    assert files_in(target) == {}


def test_a_bomb_that_lies_about_its_size(tmp_path, target):
    archive = archive_of(tmp_path, ("top/a", bytes(10 * MOST_BYTES)))
    real = (10 * MOST_BYTES).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(real, (10).to_bytes(4, "little")))
    with pytest.raises(ModelError, match="damaged"):
        unpack(archive, target, most_bytes=MOST_BYTES)
    assert sum(map(len, files_in(target).values())) <= 10


@pytest.mark.parametrize("bytes_left", [0, 5, 100])
def test_not_a_zip(tmp_path, target, bytes_left):
    archive = archive_of(tmp_path, ("top/a", bytes(range(256))))
    archive.write_bytes(archive.read_bytes()[:bytes_left])
    with pytest.raises(ModelError, match="damaged"):
        unpack(archive, target, most_bytes=MOST_BYTES)


def test_a_file_that_would_begin_before_the_archive(tmp_path, target):
    archive = archive_of(tmp_path, ("top/a", b"1"))
    content = bytearray(archive.read_bytes())
    # The last record tells where the list of files begins; each place is counted from there.
    place = slice(len(content) - 6, len(content) - 2)
    begins = int.from_bytes(content[place], "little")
    content[place] = (begins + 5).to_bytes(4, "little")
    archive.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        unpack(archive, target, most_bytes=MOST_BYTES)


def test_damaged_content(tmp_path, target):
    content = bytes(range(256))
    archive = tmp_path / "stored.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("top/a", content)
    archive.write_bytes(archive.read_bytes().replace(content, content[::-1]))
    with pytest.raises(ModelError, match="damaged"):
        unpack(archive, target, most_bytes=MOST_BYTES)
