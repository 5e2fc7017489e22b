"""What is broken now, as far as the session was told, and what must still be told of it."""

from voiceguide.core.events import Fault

EARS = frozenset({Fault.MICROPHONE, Fault.MUTED, Fault.RECOGNISER})


class Faults:
    """Everything that broke and does not work again yet."""

    def __init__(self) -> None:
        self._broken: set[Fault] = set()
        self._owed: list[str] = []
        """What happened while nobody listened, each sentence to be told once."""

    @property
    def broken(self) -> tuple[Fault, ...]:
        """All of it, in a fixed order."""
        return tuple(sorted(self._broken))

    @property
    def is_deaf(self) -> bool:
        """Whether no word can be heard."""
        return not self._broken.isdisjoint(EARS)

    @property
    def keeps_nothing(self) -> bool:
        """Whether no place can be remembered."""
        return not self._broken.isdisjoint({Fault.DISK, Fault.LOCK})

    def owe(self, sentence: str) -> None:
        """Tell this when somebody calls."""
        self._owed.append(sentence)

    def take_owed(self) -> tuple[str, ...]:
        """What must still be told, once."""
        owed, self._owed = tuple(self._owed), []
        return owed

    def add(self, fault: Fault) -> bool:
        """It broke; gives whether that is news."""
        is_news = fault not in self._broken
        self._broken.add(fault)
        return is_news

    def remove(self, fault: Fault) -> bool:
        """It works again; gives whether that is news."""
        is_news = fault in self._broken
        self._broken.discard(fault)
        return is_news
