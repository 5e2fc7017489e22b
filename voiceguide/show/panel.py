"""The panel below the lines of a terminal: the place, the stroke, the words that can be said."""

from collections.abc import Callable
from types import TracebackType

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from voiceguide.core.routine.routine import Side
from voiceguide.core.table import State
from voiceguide.show.view import Shown

REFRESH_HZ = 5
HEARD_SECONDS = 8.0
"""How long the panel shows the last command."""
NARROW_COLUMNS = 60
BAR = 24
LEVELS = " ▁▂▃▄▅▆▇█"
QUIETEST_DBFS, LOUDEST_DBFS = -75.0, -25.0
"""The levels in dBFS of the first and the last sign."""


class Panel:
    """Draws the newest state about five times a second, on a thread of its own.

    Args:
        now: gives the seconds of the session, for bars that move between two moments.
        noise_dbfs: gives the level of the noise; None while nothing is heard.
        typed: gives the line that is being typed; None where nothing can be typed.
    """

    def __init__(
        self,
        console: Console,
        now: Callable[[], float],
        noise_dbfs: Callable[[], float | None],
        typed: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._now = now
        self._noise_dbfs = noise_dbfs
        self._shown: Shown | None = None
        self._typed = typed
        self._live = Live(
            console=console,
            get_renderable=self._render,
            refresh_per_second=REFRESH_HZ,
            transient=True,
        )

    def show(self, shown: Shown) -> None:
        """Show this from now on; any thread may call."""
        self._shown = shown

    def __enter__(self) -> "Panel":
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def _render(self) -> Group | Text:
        if not self._shown:
            return Text()
        is_narrow = self._live.console.width < NARROW_COLUMNS
        return draw(self._shown, self._now(), self._noise_dbfs(), self._typed(), is_narrow)


def draw(
    shown: Shown,
    now: float,
    noise_dbfs: float | None,
    typed: str | None = None,
    is_narrow: bool = False,
) -> Group:
    """The lines of the panel; the last one is a prompt where words can be typed.

    Args:
        is_narrow: whether to leave some of it out, and to wrap what does not fit on a line.
    """
    cut: Callable[[Text], Text | _Cut] = (lambda text: text) if is_narrow else _Cut
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(ratio=1)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row(cut(_where(shown)), _left(shown, is_narrow))
    grid.add_row(cut(_step(shown, now, is_narrow)), _side(shown))
    if shown.session.own_timer_end_seconds is not None:
        left = _clock(shown.session.own_timer_end_seconds - now)
        grid.add_row(Text("your timer  ").append(left, "bold"), "")
    if shown.breath:
        grid.add_row(_breath(shown, now, BAR // 2 if is_narrow else BAR), "")
    grid.add_row(cut(_heard(shown, now)), _noise(shown, noise_dbfs))
    words = Text("say  ", "dim")
    words.append(" · ".join(shown.words), "cyan")
    prompt = () if typed is None else (_prompt(typed),)
    return Group(Rule(style="dim"), grid, words, *prompt)


def _prompt(typed: str) -> Table:
    """The line that is being typed; of a long one its end."""
    grid = Table.grid(expand=True)
    grid.add_column(width=2)
    grid.add_column(ratio=1, no_wrap=True, overflow="crop")
    grid.add_row(Text("> ", "bold"), _Tail(typed))
    return grid


class _Tail:
    """As much of the end of a text as fits, with a cursor after it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        shown = Text(self._text)
        while shown.cell_len > max(0, options.max_width - 1):
            shown = shown[1:]
        yield shown.append(" ", "reverse")


class _Cut:
    """The words of a text that fit on one line, with a sign where some did not."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        shown = self._text
        if shown.cell_len > options.max_width:
            shown = self._text.copy()
            shown.truncate(max(0, options.max_width - 1))
            if self._text.plain[len(shown)] != " ":
                shown = shown[: shown.plain.rfind(" ") + 1] or shown
            shown.rstrip()
            shown.append("…")
        shown.no_wrap = True
        yield shown


def _where(shown: Shown) -> Text:
    stands = shown.session
    text = Text(shown.title or "Which routine?", "bold")
    if stands.section:
        number = stands.position.section_index + 1
        text.append(f"  {number}/{len(shown.zones)} ", "dim").append(stands.section.name)
    if stands.faults:
        text.append(f"  ! {', '.join(stands.faults)}", "bold red")
    return text


def _left(shown: Shown, is_narrow: bool) -> Text:
    if shown.session.routine is None:
        return Text()
    whole = 0 if is_narrow else 12
    filled = round(whole * shown.session.progress)
    bar = Text("━" * filled, "green").append("━" * (whole - filled), "bright_black")
    gap = " " if whole else ""
    return bar.append(f"{gap}{_clock(shown.session.seconds_left)} left", "dim")


def _clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"


def _step(shown: Shown, now: float, is_narrow: bool) -> Text:
    stands, counted = shown.session, shown.session.counted
    if stands.state is State.PAUSED:
        return Text(f"resting · {shown.step}", "yellow")
    text = Text(shown.step)
    if stands.timer_end_seconds is not None:
        text.append(f"  {max(0, round(stands.timer_end_seconds - now))} s", "bold")
    elif stands.state is State.WAITING:
        text.append("  waiting for you", "yellow")
    elif counted and counted.number and not counted.is_hold:
        text.append(f"  {counted.number} of {counted.count} ", "bold")
        text.append_text(_bar(_share(shown, now), 10))
    elif counted and counted.number:
        text.append("  hold ", "bold").append_text(_bar(_share(shown, now), 10))
    if shown.next and not is_narrow:
        text.append(f"   then {shown.next}", "dim")
    return text


def _side(shown: Shown) -> Text:
    counted = shown.session.counted
    if counted and counted.side in (Side.LEFT, Side.RIGHT):
        return Text(f"{counted.side.value} side", "bold")
    return Text()


def _breath(shown: Shown, now: float, width: int) -> Text:
    """The present phase of the breath, as a bar that fills like the lungs."""
    share = _share(shown, now)
    for part in shown.breath:
        if share < part.share or part is shown.breath[-1]:
            inside = min(1.0, share / part.share)
            filled = part.begins_full + inside * (part.ends_full - part.begins_full)
            return Text(f"breathe {part.way:4} ", "bold").append_text(_bar(filled, width))
        share -= part.share
    return Text()


def _share(shown: Shown, now: float) -> float:
    """How much of the present stroke is over, 0–1."""
    counted = shown.session.counted
    if counted is None or counted.onset_seconds is None or counted.period_seconds <= 0:
        return 0.0
    return min(1.0, max(0.0, (now - counted.onset_seconds) / counted.period_seconds))


def _bar(share: float, width: int) -> Text:
    filled = round(width * share)
    return Text("▰" * filled, "cyan").append("▱" * (width - filled), "bright_black")


def _heard(shown: Shown, now: float) -> Text:
    if shown.rejected and now - shown.rejected.at_seconds < HEARD_SECONDS:
        return Text(f"not obeyed “{shown.rejected.text}”: {shown.rejected.why}", "yellow")
    if shown.heard and now - shown.heard.at_seconds < HEARD_SECONDS:
        return Text(f"heard “{shown.heard.text}”", "green")
    return Text()


def _noise(shown: Shown, noise_dbfs: float | None) -> Text:
    if shown.session.is_loud:
        return Text("too loud to hear you", "bold yellow")
    if noise_dbfs is None:
        return Text()
    share = (noise_dbfs - QUIETEST_DBFS) / (LOUDEST_DBFS - QUIETEST_DBFS)
    sign = LEVELS[round(min(1.0, max(0.0, share)) * (len(LEVELS) - 1))]
    return Text(f"noise {sign}", "dim")
