"""What the live guide shows in a terminal: what it says and what it obeyed, line by line."""

from rich.console import Console
from rich.text import Text

from voiceguide.core.effects import Finish, Say
from voiceguide.core.events import CommandHeard, Faulted, NoiseChanged, Recovered
from voiceguide.loop import Moment


def clock(seconds: float) -> str:
    """A time of the session as m:ss.s."""
    minutes, rest = divmod(max(0.0, seconds), 60)
    return f"{int(minutes)}:{rest:04.1f}"


class Display:
    """Prints each moment; plain lines when the console is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, moment: Moment) -> None:
        """Print what a moment brought."""
        match moment.event:
            case CommandHeard(command, routine_id):
                self._line(
                    moment.at_seconds,
                    f"» {routine_id or command.value.replace('_', ' ')}",
                    "bold green",
                )
            case Faulted(fault):
                self._line(moment.at_seconds, f"! {fault.value} failed", "bold red")
            case Recovered(fault):
                self._line(moment.at_seconds, f"  {fault.value} works again", "green")
            case NoiseChanged(is_loud):
                text = "! too loud to hear" if is_loud else "  quiet enough again"
                self._line(moment.at_seconds, text, "yellow")
            case _:
                pass
        for effect in moment.effects:
            match effect:
                case Say(text=text, at_seconds=at):
                    self._line(max(at, moment.at_seconds), f"  {text}", "")
                case Finish():
                    self._line(moment.at_seconds, "  (end)", "dim")

    def note(self, text: str) -> None:
        """Print a remark about the devices."""
        self._console.print(Text(text, "yellow"))

    def _line(self, at_seconds: float, text: str, style: str) -> None:
        line = Text(f"{clock(at_seconds):>7}  ", "dim")
        line.append(text, style)
        self._console.print(line, soft_wrap=True)
