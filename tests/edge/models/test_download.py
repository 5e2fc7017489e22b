"""Fetching one file, from a server that behaves and from one that does not."""

import errno
import http.client
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.model_server import Behaviour, serving, source_of

from voiceguide.core.errors import DiskError, ModelError
from voiceguide.edge.models import download as download_module
from voiceguide.edge.models.catalogue import Download
from voiceguide.edge.models.download import download

CONTENT = bytes(range(256)) * 4000  # about 1 MB: several reads


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[tuple[Behaviour, Download]]:
    behaviour = Behaviour(CONTENT)
    with serving(behaviour) as address:
        yield behaviour, source_of(address, CONTENT)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "model.part"


def interrupt_at(byte: int):
    def on_progress(done: int, _total: int) -> None:
        if done >= byte:
            raise KeyboardInterrupt

    return on_progress


def test_brings_the_whole_file_and_tells_the_progress(server, part):
    steps = []
    download(server[1], part, lambda done, total: steps.append((done, total)))
    assert part.read_bytes() == CONTENT
    assert steps[0] == (0, len(CONTENT))
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert steps == sorted(steps)


def test_goes_on_where_it_was_interrupted(server, part):
    behaviour, source = server
    with pytest.raises(KeyboardInterrupt):
        download(source, part, interrupt_at(500_000))
    here = part.stat().st_size
    assert 500_000 <= here < len(CONTENT)
    download(source, part)
    assert part.read_bytes() == CONTENT
    assert behaviour.requests[-1]["Range"] == f"bytes={here}-"
    assert behaviour.requests[-1]["If-Range"] == behaviour.etag


def test_begins_afresh_when_the_server_ignores_ranges(server, part):
    behaviour, source = server
    with pytest.raises(KeyboardInterrupt):
        download(source, part, interrupt_at(500_000))
    behaviour.knows_ranges = False
    download(source, part)
    assert part.read_bytes() == CONTENT


def test_begins_afresh_when_the_file_has_changed_meanwhile(server, part):
    behaviour, source = server
    old = CONTENT[::-1]
    behaviour.content = old
    with pytest.raises(KeyboardInterrupt):
        download(source_of(source.address, old), part, interrupt_at(500_000))
    behaviour.content, behaviour.etag = CONTENT, '"second"'
    download(source, part)
    assert part.read_bytes() == CONTENT


def test_two_halves_of_different_files_are_fetched_again(server, part):
    behaviour, source = server
    behaviour.etag = ""  # nothing tells that the file has changed
    behaviour.content = CONTENT[::-1]
    with pytest.raises(KeyboardInterrupt):
        download(source, part, interrupt_at(500_000))
    behaviour.content = CONTENT
    download(source, part)
    assert part.read_bytes() == CONTENT


def test_a_weak_mark_is_not_trusted(server, part):
    behaviour, source = server
    behaviour.etag = 'W/"weak"'
    with pytest.raises(KeyboardInterrupt):
        download(source, part, interrupt_at(500_000))
    download(source, part)
    assert "If-Range" not in behaviour.requests[-1]
    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize("left", [CONTENT, CONTENT + b"more"])
def test_a_file_that_was_left_complete_or_too_long(server, part, left):
    behaviour, source = server
    part.write_bytes(left)
    download(source, part)
    assert part.read_bytes() == CONTENT
    assert len(behaviour.requests) == (0 if left == CONTENT else 1)


def test_goes_on_by_itself_when_the_connection_breaks(server, part):
    behaviour, source = server
    behaviour.hangs_up_after_bytes = 400_000
    download(source, part)
    assert part.read_bytes() == CONTENT
    assert len(behaviour.requests) == 3


def test_says_how_far_it_came_when_the_connection_breaks_too_often(server, part):
    behaviour, source = server
    behaviour.hangs_up_after_bytes = 100_000
    with pytest.raises(ModelError, match=r"broke off at 0\.4 of 1\.0 MB .* goes on from there"):
        download(source, part)
    behaviour.hangs_up_after_bytes = None
    download(source, part)
    assert part.read_bytes() == CONTENT


def test_a_wrong_sum_is_thrown_away(server, part):
    behaviour, source = server
    behaviour.content = CONTENT[::-1]
    with pytest.raises(ModelError, match="SHA-256 differs"):
        download(source, part)
    assert list(part.parent.iterdir()) == []


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"!"])
def test_a_file_of_another_size_is_refused_before_it_is_fetched(server, part, content):
    behaviour, source = server
    behaviour.content = content
    with pytest.raises(ModelError, match=r"has 1,02\d,\d+ bytes instead of 1,024,000"):
        download(source, part)
    assert not part.exists()


def test_a_file_without_a_length_that_never_ends_is_cut_off(server, part):
    behaviour, source = server
    behaviour.content, behaviour.says_length = CONTENT * 3, False
    with pytest.raises(ModelError, match="longer than the 1,024,000 bytes"):
        download(source, part)
    assert not part.exists()


def test_a_short_file_without_a_length_is_not_taken_for_whole(server, part):
    behaviour, source = server
    behaviour.content, behaviour.says_length = CONTENT[:1000], False
    with pytest.raises(ModelError):
        download(source, part)


@pytest.mark.parametrize(("status", "says"), [(404, "nothing at"), (503, r"refused .*503")])
def test_a_server_that_refuses(server, part, status, says):
    server[0].status = status
    with pytest.raises(ModelError, match=says):
        download(server[1], part)


def test_no_network(part):
    with serving(Behaviour(CONTENT)) as address:
        source = source_of(address, CONTENT)
    with pytest.raises(ModelError, match=r"cannot reach http://127.* check the network"):
        download(source, part)


def test_a_full_disk(server, part):
    def fill(done: int, _total: int) -> None:
        if done > 500_000:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskError, match="no room is left on the disk"):
        download(server[1], part, fill)
    assert 0 < part.stat().st_size < len(CONTENT)
    download(server[1], part)
    assert part.read_bytes() == CONTENT


def test_only_the_web_is_fetched_from(server, part):
    with pytest.raises(ModelError, match="must begin with https"):
        download(replace(server[1], address="file:///etc/passwd"), part)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("Invalid IPv6 URL"),
        UnicodeError("label too long"),
        http.client.InvalidURL("nonnumeric port"),
        http.client.IncompleteRead(b""),
        AttributeError("odd"),
    ],
)
def test_whatever_a_lying_server_makes_of_the_library_is_one_sentence(tmp_path, monkeypatch, error):
    def fail(*_args, **_more):
        raise error

    monkeypatch.setattr(download_module.urllib.request, "urlopen", fail)
    source = Download("http://127.0.0.1/x", 10, "0" * 64)
    with pytest.raises(ModelError, match="cannot reach"):
        download_module.download(source, tmp_path / "part")


@pytest.mark.parametrize("sent", ["XY\x1b[31m 302 F\r\n", "\x9b2J\n" + "x" * 5000])
def test_what_a_server_sent_is_told_as_plain_and_bounded_text(tmp_path, monkeypatch, sent):
    def fail(*_args, **_more):
        raise http.client.BadStatusLine(sent)

    monkeypatch.setattr(download_module.urllib.request, "urlopen", fail)
    with pytest.raises(ModelError, match="cannot reach") as caught:
        download_module.download(Download("http://127.0.0.1/x", 10, "0" * 64), tmp_path / "part")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_a_server_that_sends_a_byte_a_second_is_left():
    download_module._check_speed(29, 29.0)
    download_module._check_speed(600_000, 600.0)
    with pytest.raises(download_module._BrokeOffError, match="too slow"):
        download_module._check_speed(31, 31.0)
