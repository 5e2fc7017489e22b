"""What gives the guide its voice, whatever it is: an engine, a pack of sentences, a server."""

from collections.abc import Iterable
from concurrent.futures import Future
from typing import Protocol

from voiceguide.core.errors import SpeechError
from voiceguide.sound.clip import Clip


class VoicePort(Protocol):
    """A voice. Every method may be called from any thread, and none of them waits."""

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """The sentence as sound, soon; the future raises SpeechError where it cannot be spoken."""

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """Have these ready, the first one first; replaces earlier wishes."""

    def close(self) -> None:
        """End what runs for it; futures that are not done raise SpeechError."""


class AtOnce:
    """A voice that renders where it is asked and while it is asked."""

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The sentence as sound; raises SpeechError."""
        raise NotImplementedError

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """See ``VoicePort``; it is done already."""
        future: Future[Clip] = Future()
        try:
            future.set_result(self.render(text, words_per_minute))
        except SpeechError as error:
            future.set_exception(error)
        return future

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """Nothing: it is rendered when it is asked for."""

    def close(self) -> None:
        """Nothing runs."""


class Waiting(AtOnce):
    """Another voice, waited for: in a simulated room rendering takes no time."""

    def __init__(self, voice: VoicePort) -> None:
        self._voice = voice

    def render(self, text: str, words_per_minute: int) -> Clip:
        """See ``AtOnce``."""
        return speak(self._voice, text, words_per_minute)


def speak(voice: VoicePort, text: str, words_per_minute: int) -> Clip:
    """The sentence as sound; waits for it.

    Raises:
        SpeechError: it cannot be spoken.
    """
    return voice.submit(text, words_per_minute).result()
