"""The port of the guide's voice, whether an engine, a pack of sentences or a server speaks."""

from collections.abc import Iterable
from concurrent.futures import Future
from typing import Protocol

from voiceguide.core.errors import SpeechError
from voiceguide.sound.clip import Clip


class VoicePort(Protocol):
    """A voice. Any thread may call its methods; none of them waits."""

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """Render a sentence; the future raises SpeechError where it cannot be spoken."""

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """Render these ahead, in their order, instead of what was asked before."""

    def close(self) -> None:
        """End whatever runs for the voice; futures that are not done raise SpeechError."""


class AtOnce:
    """A voice that renders at once, on the thread that asks."""

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
        """Do nothing: sentences are rendered when they are asked for."""

    def close(self) -> None:
        """Do nothing: nothing runs for this voice."""


class Waiting(AtOnce):
    """Waits for another voice: in a simulated room rendering takes no time."""

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
