"""The page over plain HTTP: headers, refusals, the feed, commands; and what strangers send."""

import http.client
import json
import random
import re
import socket
from types import SimpleNamespace

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from support.page_world import serving

from voiceguide.core.errors import SettingsError
from voiceguide.core.events import Fault, Faulted
from voiceguide.core.table import State
from voiceguide.show.page import pace
from voiceguide.show.page import server as server_module
from voiceguide.show.page.address import Address
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.guard import HEADERS, MOST_ADDRESSES, Buckets
from voiceguide.show.page.qr import for_terminal, modules
from voiceguide.show.page.server import PageServer
from voiceguide.show.page.site import MOST_PAGES, Records

FILES = (
    "/",
    "/mirror.css",
    "/mirror.js",
    "/picture.js",
    "/history.js",
    "/words.js",
    "/palette.css",
    "/atkinson-next.woff2",
    "/routines",
    "/manifest.webmanifest",
    "/icon.svg",
    "/history",
)


def ask(world, path="/", method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=100)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer, text


def open_feed(world):
    """A connection that has got the head of the feed's answer, as a file."""
    connection = socket.create_connection(("127.0.0.1", world.port), timeout=100)
    connection.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    file = connection.makefile("rb")
    while file.readline() != b"\r\n":
        pass
    return connection, file


def next_message(file):
    for line in file:
        if line.startswith(b"data: "):
            return json.loads(line[6:])
    return None


def first_message(world):
    """What a new page is told first; None when it was refused."""
    connection, file = open_feed(world)
    with connection, file:
        return next_message(file)


@pytest.fixture
def world():
    with serving() as world:
        yield world


@pytest.fixture
def ruled():
    with serving(control=True) as world:
        yield world


def command(world, words="start", **change):
    headers = {
        "origin": f"http://127.0.0.1:{world.port}",
        "authorization": f"Bearer {world.server.token}",
        "content_type": "application/json",
    }
    headers |= {name: value for name, value in change.items() if name in headers}
    body = change.get("body", json.dumps({"say": words}))
    answer, _ = ask(world, "/command", "POST", body, **headers)
    return answer.status


@pytest.mark.parametrize("path", FILES)
def test_every_file_comes_with_the_strict_headers_and_no_cors(world, path):
    answer, body = ask(world, path)
    assert answer.status == 200
    assert body
    for name, value in HEADERS.items():
        assert answer.getheader(name) == value
    assert "unsafe" not in answer.getheader("content-security-policy")
    assert answer.getheader("access-control-allow-origin") is None
    assert answer.getheader("server") is None


def test_the_page_has_no_script_or_style_of_its_own(world):
    _, body = ask(world)
    text = body.decode()
    assert "style=" not in text
    assert "<style" not in text
    assert " on" not in text.replace(" one", "").replace(" only", "").split("<body")[0]
    assert text.count("<script src=") == text.count("<script") == 4
    assert "data-zone='jaw'" in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example"])
def test_a_bent_name_is_turned_away_everywhere(world, host):
    for path in (*FILES, "/events", "/command"):
        answer, _ = ask(world, path, host=host)
        assert answer.status in (400, 421)


def test_what_is_not_there_or_too_long_or_another_method_is_refused(world):
    assert ask(world, "/../../etc/passwd")[0].status == 404
    assert ask(world, "/static/index.html")[0].status == 404
    assert ask(world, f"/{'a' * 300}")[0].status == 414
    assert ask(world, "/?" + "a" * 300)[0].status == 414
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"):
        assert ask(world, "/", method)[0].status == 405
    assert ask(world, "/", "POST")[0].status == 405


def test_the_feed_begins_with_the_present_and_follows(world):
    connection, file = open_feed(world)
    with connection, file:
        first = next_message(file)
        assert first["shown"]["state"] == "ready"
        assert first["now"] == world.play.now
        world.at_step("up", State.PACING)
        shown = next_message(file)["shown"]
        while shown["state"] != "pacing":
            shown = next_message(file)["shown"]
        assert shown["counted"]["count"] == 5
        world.play.tell(Faulted(Fault.DISK))
        world.show()
        assert next_message(file)["shown"]["faults"] == ["disk"]


def test_a_slow_page_gets_the_newest_and_nobody_waits_for_it(world):
    connection, file = open_feed(world)
    with connection, file:
        next_message(file)
        for number in range(2000):
            world.feed.publish({"number": number, "ballast": "x" * 4000})
        seen = []
        while not seen or seen[-1] != 1999:
            seen.append(next_message(file)["shown"]["number"])
        assert seen == sorted(seen)


def test_nothing_of_it_holds_what_was_not_obeyed(world):
    connection, file = open_feed(world)
    with connection, file:
        told = set(next_message(file)["shown"])
        assert told == {
            *("state", "routine", "zones", "zone", "place", "step", "next", "caption", "speaking"),
            *("show", "scene", "region", "half", "behind", "picture", "lines", "hands", "pressure"),
            *(
                "path",
                "counted",
                "breath",
                "timer",
                "timer_total",
                "own_timer",
                "reminder",
                "needs",
                "words",
            ),
            *("heard", "rejected", "loud", "left", "total", "progress", "faults", "persons"),
            "programmes",
        }


def test_the_history_is_days_and_how_many_in_a_row(world):
    told = json.loads(ask(world, "/history")[1])
    assert all(seconds > 0 for seconds in told["days"].values())
    assert (told["streak"], told["longest"]) == (3, 5)


def test_it_can_be_framed_by_whom_the_owner_names_and_nobody_else(world):
    policy = ask(world)[0].getheader("content-security-policy")
    assert policy.endswith("frame-ancestors 'none'")
    named = Address("127.0.0.1", 0, ancestors=("http://mirror.local:8080",))
    server = PageServer(named, Feed(lambda: 0.0), Records(dict))
    server.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.address.port, timeout=100)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read()
        assert answer.getheader("content-security-policy").endswith(
            "frame-ancestors http://mirror.local:8080"
        )
        connection.close()
    finally:
        server.close()


def test_all_of_it_is_asked_for_relatively_so_that_it_may_lie_below_a_path(world):
    for path in FILES:
        if path.endswith((".js", ".css", ".webmanifest")) or path == "/":
            text = ask(world, path)[1].decode()
            assert not re.search(
                r"""(?:href|src|start_url|url|fetch|EventSource)\W{1,4}/\w""", text
            ), path


def test_commands_from_behind_a_proxy_that_encrypts_are_obeyed(ruled):
    assert command(ruled, origin=f"https://127.0.0.1:{ruled.port}") == 204


def test_a_page_that_can_only_be_looked_at_takes_no_command(world):
    assert world.server.token is None
    assert command(world) == 403
    assert world.obeyed == []


def test_a_command_with_the_token_from_the_page_itself_is_obeyed(ruled):
    assert command(ruled) == 204
    assert ruled.obeyed == ["start"]
    assert command(ruled, "sing") == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer " + "é"}, 401),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"body": "start"}, 400),
        ({"body": '{"say": 5}'}, 400),
        ({"body": '["start"]'}, 400),
        ({"body": '{"say": "' + "a" * 500 + '"}'}, 400),
        ({"body": "[" * 190}, 400),
        ({"body": ""}, 400),
    ],
)
def test_anything_less_is_not(ruled, change, status):
    assert command(ruled, **change) == status
    assert ruled.obeyed == []


def test_only_who_has_the_link_gets_it_as_a_code(ruled, world):
    named = {"origin": f"http://127.0.0.1:{ruled.port}"}
    assert ask(ruled, "/invite", "POST", "", **named)[0].status == 401
    assert ask(world, "/invite", "POST", "")[0].status == 403
    named["authorization"] = f"Bearer {ruled.server.token}"
    answer, body = ask(ruled, "/invite", "POST", "", **named)
    assert answer.status == 200
    # No phone can open an address of this machine alone.
    assert json.loads(body) == []
    foreign = json.dumps({"page": "https://elsewhere.example/"})
    assert json.loads(ask(ruled, "/invite", "POST", foreign, **named)[1]) == []
    rows = modules(ruled.server.link)
    assert len({len(row) for row in rows}) == 1
    assert len(for_terminal(ruled.server.link).splitlines()) == (len(rows) + 1) // 2


def test_behind_a_proxy_the_code_leads_through_it():
    named = Address("127.0.0.1", 0, names=("bath.example",))
    server = PageServer(named, Feed(lambda: 0.0), Records(dict), lambda words: True)
    server.start()
    try:
        asked = {
            "host": "bath.example",
            "origin": "https://bath.example",
            "authorization": f"Bearer {server.token}",
        }
        page = "https://bath.example/mirror/"
        behind = SimpleNamespace(port=server.address.port)
        answer, body = ask(behind, "/invite", "POST", json.dumps({"page": page}), **asked)
        assert answer.status == 200
        assert json.loads(body) == modules(f"{page}#token={server.token}")
    finally:
        server.close()


def test_commands_come_no_faster_than_a_person_speaks(ruled):
    statuses = [command(ruled) for _ in range(20)]
    assert statuses[:8] == [204] * 8
    assert statuses.count(429) >= 8


def test_a_bucket_fills_again_and_remembers_few():
    now = [0.0]
    buckets = Buckets(lambda: now[0], burst=3, per_second=1)
    assert [buckets.take("a") for _ in range(5)] == [True] * 3 + [False] * 2
    assert buckets.take("b")
    now[0] = 2.0
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    for number in range(3 * MOST_ADDRESSES):
        buckets.take(str(number))
    assert len(buckets._filled) == MOST_ADDRESSES


def test_a_port_that_is_taken_is_one_sentence(world):
    with pytest.raises(SettingsError, match="give --page another HOST:PORT"):
        PageServer(Address("127.0.0.1", world.port), Feed(lambda: 0.0), Records(dict))


def test_a_hundred_silent_connections_keep_nobody_out(world):
    silent = [socket.create_connection(("127.0.0.1", world.port)) for _ in range(200)]
    assert ask(world)[0].status == 200
    for each in silent:
        each.close()


def test_a_head_that_trickles_or_a_silent_one_is_let_go_of(monkeypatch):
    monkeypatch.setattr(server_module, "SILENCE_SECONDS", 0.3)
    with serving() as world, socket.create_connection(("127.0.0.1", world.port)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert silent.recv(100) == b""


@pytest.mark.parametrize("size", [9_000, 60_000])
def test_a_long_head_is_refused_even_if_it_comes_whole(world, size):
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"x" * size + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", world.port), timeout=20) as stranger:
        stranger.sendall(head)
        assert stranger.recv(100).startswith(b"HTTP/1.1 400")


def test_no_more_than_forty_feeds_are_open_however_fast_they_come(world):
    request = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    feeds = [socket.create_connection(("127.0.0.1", world.port), timeout=20) for _ in range(60)]
    for each in feeds:
        each.sendall(request)
    answers = [each.recv(12) for each in feeds]
    assert answers.count(b"HTTP/1.1 200") == MOST_PAGES
    assert answers.count(b"HTTP/1.1 503") == 60 - MOST_PAGES
    for each in feeds:
        each.close()
    # Their places are free again, as soon as the page has noticed.
    assert any(ask(world) and not world.feed.readers for _ in range(200))


def garbage(chance):
    """One thing a stranger might send."""
    kinds = (
        lambda: chance.randbytes(chance.randint(1, 400)),
        lambda: b"GET / HTTP/1.1\r\nHost: " + chance.randbytes(20) + b"\r\n\r\n",
        lambda: b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % chance.randbytes(9).hex().encode(),
        lambda: b"POST /command HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        lambda: b"POST /command HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n{",
        lambda: b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 2000 + b"\r\n",
        lambda: b"GET / HTTP/9.9\r\n\r\n",
        lambda: (
            b"POST /command HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        ),
        lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(60),
        lambda: b"",
    )
    return chance.choice(kinds)()


def test_two_thousand_malformed_requests_do_no_harm(ruled, monkeypatch):
    monkeypatch.setattr(pace, "SHARE", 1.0)  # no sound waits for its turn here
    chance = random.Random(7)
    for _ in range(2_000):
        with socket.create_connection(("127.0.0.1", ruled.port), timeout=10) as stranger:
            stranger.sendall(garbage(chance))
    # It works off what came, then the rate that is used up fills again.
    assert any(ask(ruled)[0].status == 200 for _ in range(5_000))
    first = next(filter(None, (first_message(ruled) for _ in range(5_000))))
    assert first["shown"]["state"] == "ready"
    assert ruled.obeyed == []
