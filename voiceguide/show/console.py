"""What the live guide shows in a terminal: what it says and what it obeyed, line by line."""

from textwrap import shorten
from typing import TYPE_CHECKING

from voiceguide.core.effects import Finish, Hush, Say
from voiceguide.core.events import (
    CommandHeard,
    Faulted,
    NoiseChanged,
    Recovered,
    SpeechEnded,
    SpeechFailed,
)
from voiceguide.loop import Moment
from voiceguide.show.lines import print_line

if TYPE_CHECKING:
    from rich.console import Console

CUT_LETTERS = 30
"""How many letters of a sentence that was cut off are shown again."""


def clock(seconds: float) -> str:
    """A time of the session as m:ss.s."""
    minutes, rest = divmod(max(0.0, seconds), 60)
    return f"{int(minutes)}:{rest:04.1f}"


class Display:
    """Prints each moment; plain lines when the console is no terminal."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._latest = 0.0
        self._speaking: dict[int, str] = {}
        """The sentences that are being said, by their utterance ids."""

    def show(self, moment: Moment) -> None:
        """Print what is new in a moment; the times printed never run backwards."""
        match moment.event:
            case CommandHeard() as heard if moment.was_obeyed:
                self._line(moment.at_seconds, f"» {heard.word}", "bold green")
            case CommandHeard() as heard:
                text = f"  “{heard.word}” means nothing now."
                self._line(moment.at_seconds, text, "yellow")
            case Faulted(fault):
                self._line(moment.at_seconds, f"! {fault.value} failed", "bold red")
            case Recovered(fault):
                self._line(moment.at_seconds, f"  {fault.value} works again", "green")
            case NoiseChanged(is_loud):
                text = "! too loud to hear" if is_loud else "  quiet enough again"
                self._line(moment.at_seconds, text, "yellow")
            case SpeechEnded(utterance_id) | SpeechFailed(utterance_id):
                self._speaking.pop(utterance_id, None)
            case _:
                pass
        for effect in moment.effects:
            match effect:
                case Hush():
                    for text in self._speaking.values():
                        start = shorten(text, CUT_LETTERS, placeholder=" …")
                        self._line(moment.at_seconds, f"  — cut off: {start}", "dim")
                    self._speaking.clear()
                case Say(utterance_id=utterance_id, text=text):
                    self._speaking[utterance_id] = text
                    self._line(moment.at_seconds, f"  {text}", "")
                case Finish():
                    self._line(moment.at_seconds, "  (end)", "dim")

    def note(self, text: str) -> None:
        """Print a note about the devices."""
        print_line(self._console, text, "yellow")

    def _line(self, at_seconds: float, text: str, style: str) -> None:
        from rich.text import Text  # here: no word of the guide waits for it

        self._latest = max(self._latest, at_seconds)
        line = Text(f"{clock(self._latest):>7}  ", "dim")
        line.append(text, style)
        print_line(self._console, line)
