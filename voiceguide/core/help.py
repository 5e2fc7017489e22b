"""What help tells: the words that can be said now, what matters first, a handful at a time."""

from collections.abc import Iterable, Sequence

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.table import State

_FIRST: dict[State, tuple[Command, ...]] = {
    State.DAY: (Command.YES, Command.NO),
    State.REMINDING: (Command.YES, Command.NO),
    State.HOUR: (Command.YES, Command.NO),
    State.OFFERING: (Command.YES, Command.NO),
    State.READY: (Command.START, Command.HOW_LONG, Command.WHY, Command.SPEAK_SLOWER),
    State.WAITING: (Command.NEXT, Command.REPEAT, Command.BACK, Command.PAUSE),
    State.PAUSED: (Command.RESUME, Command.REPEAT, Command.NEXT, Command.BACK),
    State.STOPPING: (Command.UNDO, Command.RESUME),
    State.CLOSING: (Command.REPEAT, Command.BACK, Command.START_OVER),
    State.ASLEEP: (Command.WAKE,),
}
_ORDER = (
    Command.NEXT,
    Command.BACK,
    Command.REPEAT,
    Command.SLOWER,
    Command.PAUSE,
    Command.STOP,
    Command.WHY,
    Command.HOW_LONG,
    Command.FASTER,
    Command.WHERE,
    Command.SKIP_ZONE,
    Command.UNDO,
    Command.REPEAT_ZONE,
    Command.SPEAK_SLOWER,
    Command.SPEAK_FASTER,
    Command.LOUDER,
    Command.QUIETER,
    Command.START_OVER,
    Command.BREATHING_ON,
    Command.BREATHING_OFF,
    Command.EVERYTHING,
    Command.TIMER,
    Command.RESUME,
    Command.START,
)
_ASKED = (
    Command.WHATS_NEXT,
    Command.HOW_MANY,
    Command.HOW_MUCH,
    Command.WHICH_SIDE,
    Command.SUPPLIES,
    Command.WHAT,
)
"""Questions that people ask by themselves; help tells of them at last, in one sentence."""
UNTAUGHT = frozenset(
    {
        *(Command.WHAT, Command.DONE, Command.OKAY, Command.NOT_YET, Command.THANKS),
        Command.TIMER_OFF,
        *(Command.LATER, Command.NOT_TODAY),
    }
)
"""What people say anyway, or are told to say where it is asked; help need not name it."""
UNTAUGHT_AT = {State.DAY: Command.HOW_LONG, State.REMINDING: Command.HOW_LONG}
"""Where a question is answered that help need not name: people ask it when they are offered
something."""
WORDS = 6
"""Commands named in one answer: what is said in one breath and still remembered."""


def help_words(
    state: State, live: Iterable[Command], book: Phrasebook, routines: Sequence[str], page: int
) -> tuple[str, ...]:
    """What can be said now, a handful at a time; asking further brings the others."""
    if state in (State.CHOOSING, State.IDLE):
        shown = _page(routines, page)
        return (
            wording.CHOICE if shown[:1] == routines[:1] else wording.MORE_CHOICE,
            *map(wording.title, shown),
        )
    words = words_to_say(state, live, book)
    asked = _phrases(_ASKED, live, book)
    pages = _pages(words)
    page %= pages + (len(asked) > 1)
    if page == pages:
        return (_list("You can ask: ", asked),)
    shown = _page(words, page)
    return (_list("You can say: " if shown[:1] == words[:1] else "Also: ", shown),)


def words_to_say(state: State, live: Iterable[Command], book: Phrasebook) -> list[str]:
    """The shortest phrase of each command that help names in a state, what matters first."""
    first = _FIRST.get(state, ())
    left_out = (*first, UNTAUGHT_AT.get(state))
    order = [*first, *(command for command in _ORDER if command not in left_out)]
    return _phrases(order, live, book)


def _phrases(order: Iterable[Command], live: Iterable[Command], book: Phrasebook) -> list[str]:
    here = frozenset(live)
    shortest: dict[Command, str] = {}
    for phrase in book.phrases:
        shortest.setdefault(phrase.command, phrase.text)
    return [shortest[command] for command in order if command in here and command in shortest]


def _pages(words: Sequence[str]) -> int:
    return max(1, -(-len(words) // WORDS))


def _page(words: Sequence[str], page: int) -> Sequence[str]:
    start = (page % _pages(words)) * WORDS
    return words[start : start + WORDS]


def _list(lead: str, words: Sequence[str]) -> str:
    return f"{lead}{wording.enumerated(words, 'or')}."
