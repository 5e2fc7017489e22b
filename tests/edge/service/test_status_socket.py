"""Asking a running guide, through a real socket; and its metrics over HTTP."""

import contextlib
import http.client
import socket
import stat
import threading
import urllib.error
import urllib.request

import pytest

from voiceguide.__main__ import main
from voiceguide.core.errors import SettingsError
from voiceguide.edge.service import status_socket
from voiceguide.edge.service.metrics_server import MetricsServer
from voiceguide.edge.service.status_socket import (
    StatusSocket,
    another_guide,
    ask,
    ask_any,
    own_path,
    resident_bytes,
)

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run" / "status.sock"


def test_everybody_who_asks_gets_the_answer_of_that_moment(path):
    answers = iter(["first", "second " * 100_000])
    listening = StatusSocket(path, lambda: next(answers))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ask(path) == "first"
    assert ask(path) == "second " * 100_000
    listening.close()
    assert not path.exists()
    with pytest.raises(OSError, match="No such file"):
        ask(path)


def test_somebody_who_hangs_up_at_once_disturbs_nobody(path):
    listening = StatusSocket(path, lambda: "x" * 1_000_000)
    for _ in range(3):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as rude:
            rude.connect(str(path))
    assert len(ask(path)) == 1_000_000
    listening.close()


def test_what_a_killed_guide_left_is_replaced(path):
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as killed:
        killed.bind(str(path))
    listening = StatusSocket(path, lambda: "new")
    assert ask(path) == "new"
    listening.close()


def test_a_second_guide_leaves_the_first_its_socket(path, caplog):
    first = StatusSocket(path, lambda: "first")
    second = StatusSocket(path, lambda: "second")
    assert "another guide" in caplog.text
    second.close()
    assert ask(path) == "first"
    first.close()


def test_without_a_place_for_it_the_guide_goes_on(tmp_path, caplog):
    (tmp_path / "file").touch()
    StatusSocket(tmp_path / "file" / "status.sock", lambda: "").close()
    assert "status not served" in caplog.text


def test_the_service_is_asked_where_the_user_runs_none(tmp_path, monkeypatch):
    own, service = tmp_path / "own", tmp_path / "service"
    monkeypatch.setattr(status_socket, "SERVICE_FOLDER", service)
    environment = {"RUNTIME_DIRECTORY": str(own)}
    assert own_path(environment) == own / "status.sock"
    with pytest.raises(SettingsError, match="no guide is running"):
        ask_any(None, environment)
    serving = StatusSocket(service / "status.sock", lambda: "service")
    assert ask_any(None, environment) == "service"
    mine = StatusSocket(own / "status.sock", lambda: "mine")
    assert ask_any(None, environment) == "mine"
    assert ask_any(service / "status.sock", environment) == "service"
    serving.close()
    mine.close()


def test_a_guide_of_another_user_says_what_to_type(monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(status_socket, "ask", refuse)
    with pytest.raises(SettingsError, match="sudo voiceguide status"):
        ask_any(None, {})


def test_memory_is_told_where_the_system_does():
    assert resident_bytes() == 0 or resident_bytes() > 1_000_000


def test_metrics_are_served_on_loopback_alone():
    server = MetricsServer(0, lambda: "voiceguide_up_seconds 1\n")
    address = f"http://127.0.0.1:{server.port}"
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
        assert answer.read() == b"voiceguide_up_seconds 1\n"
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    with pytest.raises(urllib.error.HTTPError) as other:
        urllib.request.urlopen(f"{address}/", timeout=10)
    other.value.close()
    assert other.value.code == 404
    assert server._server.server_address[0] == "127.0.0.1"
    with pytest.raises(SettingsError, match="metrics_port"):
        MetricsServer(server.port, str)
    server.close()


def answered_by(path, data):
    """What ``status`` makes of a stranger that says this."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen(1)

        def answer():
            asking, _ = listening.accept()
            with asking, contextlib.suppress(OSError):
                asking.sendall(data)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            return main(["status", "--socket", str(path)])
        finally:
            thread.join()
            path.unlink()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"junk", b"\xff\xfe", b"[]", b"5", b"{}", b'{"session": 5}', b"[" * 100_000,
        b"x" * 9_000_000,
    ],
)  # fmt: skip
def test_junk_at_the_socket_is_one_sentence(path, data, capsys):
    assert answered_by(path, data) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1


def test_an_answer_that_fails_does_not_end_the_asking(path, caplog):
    answers = iter([lambda: 1 / 0, lambda: "second"])
    listening = StatusSocket(path, lambda: next(answers)())
    assert ask(path) == ""
    assert ask(path) == "second"
    listening.close()


def test_metrics_answer_their_own_names_only_and_silent_ones_keep_nobody_out():
    server = MetricsServer(0, lambda: "voiceguide_up_seconds 1\n")
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    for host, status in (
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("LOCALHOST", 200),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/metrics", headers={"Host": host})
        assert connection.getresponse().status == status
        connection.close()
    for each in silent:
        each.close()
    server.close()


def test_which_other_guide_runs_is_known(path):
    environment = {"RUNTIME_DIRECTORY": str(path.parent)}
    assert another_guide(environment) is None
    report = '{"process": 7, "session": {"routine_id": "evening"}}'
    listening = StatusSocket(path, lambda: report)
    assert another_guide(environment) == "process 7, in “evening”"
    listening.close()
    listening = StatusSocket(path, lambda: "junk")
    assert another_guide(environment) is None
    listening.close()
