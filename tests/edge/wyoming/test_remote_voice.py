"""A voice on another machine, a real server process; and this machine's own while that is away."""

import socket
import threading

import numpy as np
import pytest

pytest.importorskip("wyoming")

from support.wyoming_world import free_port, serving, until

from voiceguide.edge.voice.voice import Voice
from voiceguide.edge.wyoming.remote_voice import RemoteVoice
from voiceguide.edge.wyoming.wyoming_link import AwayError, WyomingLink
from voiceguide.live.choose import servers_of
from voiceguide.live.vitals import Server

ONE, TWO, THREE, FOUR = (
    "Flat hands, chest to chin.", "Hooked fingers, along the jaw.",
    "Ring fingers, under the eyes.", "Palms, over the forehead.",
)  # fmt: skip


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    with Voice(cache_dir=tmp_path_factory.mktemp("local")) as voice:
        yield voice


def linked(uri, role="tts", deadline_seconds=60.0):
    return WyomingLink(uri, role, "nobody", deadline_seconds, back_off_seconds=0.1)


def is_local(clip, voice, text):
    return np.array_equal(clip.samples, voice.render(text, 150).samples)


def test_the_server_is_killed_in_between_and_comes_back(tmp_path, local, monkeypatch):
    with serving(tmp_path / "there", "--voice", "gmw/en-us+m3") as server:
        link = linked(server.uri)
        own = Voice(cache_dir=tmp_path / "own")
        voice = RemoteVoice(link, server.uri, own, tmp_path / "cache")
        one = voice.render(ONE, 150)
        assert not is_local(one, local, ONE)
        assert [word.text for word in one.words] == ["flat", "hands", "chest", "to", "chin"]
        slow = voice.render(ONE, 110)
        assert slow.seconds > one.seconds

        server.end()
        assert is_local(voice.render(TWO, 150), local, TWO)
        assert not link.is_there
        assert servers_of(local, voice) == (Server("voice", server.uri, True, 1),)
        with monkeypatch.context() as patch:
            asked = []
            patch.setattr(link, "ask", lambda *question: asked.append(question))
            assert is_local(voice.render(THREE, 150), local, THREE)
            assert not asked, "it is asked again before it is back"
        # What was said there is said again in that voice.
        assert np.array_equal(voice.render(ONE, 150).samples, one.samples)

        server.start()
        until(lambda: link.is_there)
        assert not is_local(voice.render(FOUR, 150), local, FOUR)
        assert servers_of(local, voice) == (Server("voice", server.uri, False, 1),)

        # Sentences are rendered ahead there, and then nobody is asked for them.
        kept = len(list((tmp_path / "cache").glob("*.clip")))
        voice.prepare((TWO, THREE), 150)
        until(lambda: len(list((tmp_path / "cache").glob("*.clip"))) == kept + 2)
        server.end()
        assert not is_local(voice.render(TWO, 150), local, TWO)
        assert link.is_there, "a sentence that is here already asks nobody"
        voice.close()


def test_sentences_are_rendered_ahead_here_while_it_is_away(tmp_path):
    uri = f"tcp://127.0.0.1:{free_port()}"
    voice = RemoteVoice(linked(uri), uri, Voice(cache_dir=tmp_path / "own"), tmp_path / "cache")
    voice.prepare((ONE, TWO), 150)
    until(lambda: len(list((tmp_path / "own").glob("*.clip"))) == 2)
    voice.close()


def test_a_server_that_accepts_and_says_nothing_is_waited_for_once(tmp_path, local):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        link = linked(uri, deadline_seconds=0.3)
        voice = RemoteVoice(link, uri, Voice(cache_dir=tmp_path / "own"), tmp_path / "cache")
        assert is_local(voice.render(ONE, 150), local, ONE)
        assert not link.is_there
        voice.close()
        voice.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"not the protocol\n",
        b'{"type": "audio-chunk", "data": {"rate": "x"}}\n{"type": "audio-stop"}\n',
        b'{"type": "audio-stop"}\n',
        b'{"type": "audio-chunk", "data": {"rate": 16000, "width": 2, "channels": 1},'
        b' "payload_length": 4}\nabcd{"type": "audio-stop"}\n',
        b'{"type": "error", "data": {"text": "no room"}}\n',
    ],
)
def test_whatever_a_server_answers_the_sentence_is_spoken(tmp_path, local, answer):
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def serve():
            while True:
                try:
                    client, _ = odd.accept()
                except OSError:
                    return
                with client:
                    client.recv(65536)
                    client.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        uri = f"tcp://127.0.0.1:{odd.getsockname()[1]}"
        voice = RemoteVoice(linked(uri), uri, Voice(cache_dir=tmp_path / "own"), tmp_path / "cache")
        assert is_local(voice.render(ONE, 150), local, ONE)
        voice.close()
        odd.shutdown(socket.SHUT_RDWR)


def test_a_link_that_is_closed_answers_that():
    link = linked(f"tcp://127.0.0.1:{free_port()}")
    link.close()
    with pytest.raises(AwayError):
        link.ask([], "info").result(5.0)
