"""What systemd is told: on a real socket, and nothing where nobody listens."""

import os
import socket
import sys

import pytest

from voiceguide.edge.service.service_manager import ServiceManager

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")


class Clock:
    """Time that a test moves."""

    seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture(params=["path", "abstract"])
def address(request, tmp_path):
    if request.param == "abstract" and sys.platform != "linux":
        pytest.skip("abstract names are Linux's")
    return f"@voiceguide-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "n")


@pytest.fixture
def told(address):
    """A function that gives every message since the last call."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address.replace("@", "\0", 1))
        listening.setblocking(False)

        def messages():
            found = []
            while True:
                try:
                    found.append(listening.recv(4096).decode())
                except BlockingIOError:
                    return found

        yield messages


def test_ready_status_and_stopping_are_told(address, told):
    manager = ServiceManager({"NOTIFY_SOCKET": address}, Clock())
    assert manager.is_there
    manager.ready()
    manager.status("in a session\nof two lines")
    manager.stopping()
    assert told() == ["READY=1", "STATUS=in a session of two lines", "STOPPING=1"]


def test_signs_of_life_come_three_times_a_period_however_often_one_asks(address, told):
    clock = Clock()
    manager = ServiceManager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "6000000"}, clock)
    sent = []
    for _ in range(60):
        manager.beat()
        sent.append(len(told()))
        clock.seconds += 0.25
    assert sum(sent) == 8  # 15 s, one every 2 s from the start
    assert sent[:8] == [1, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "watchdog",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"},
     {"WATCHDOG_USEC": "9000000", "WATCHDOG_PID": str(os.getpid() + 1)}],
)  # fmt: skip
def test_without_a_watchdog_over_this_process_no_life_is_shown(address, told, watchdog):
    manager = ServiceManager({"NOTIFY_SOCKET": address} | watchdog, Clock())
    manager.beat()
    assert told() == []


def test_children_do_not_inherit_the_manager(address, told):
    environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "9", "WATCHDOG_PID": "1", "A": "b"}
    ServiceManager(environment, Clock())
    assert environment == {"A": "b"}


def test_without_a_manager_or_with_one_that_is_gone_nothing_happens(tmp_path, caplog):
    silent = ServiceManager({}, Clock())
    assert not silent.is_there
    silent.ready()
    assert caplog.text == ""
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}, Clock()).ready()
    assert "READY=1" in caplog.text
