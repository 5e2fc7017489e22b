"""What is broken, as far as the session knows, and what the person must still be told."""

from voiceguide.core.events import Fault

EARS = frozenset({Fault.MICROPHONE, Fault.MUTED, Fault.RECOGNISER})


class Faults:
    """Everything that is broken now."""

    def __init__(self) -> None:
        self._broken: set[Fault] = set()
        self._untold: set[Fault] = set()
        """What broke while the guide slept, and nobody was told of."""
        self._owed: list[str] = []
        """Sentences about what happened while nobody listened; each is told once."""

    @property
    def broken(self) -> tuple[Fault, ...]:
        """Everything that is broken, in a fixed order."""
        return tuple(sorted(self._broken))

    @property
    def untold(self) -> tuple[Fault, ...]:
        """What is broken and nobody was told of, in a fixed order."""
        return tuple(sorted(self._untold))

    @property
    def is_deaf(self) -> bool:
        """Whether no word can be heard."""
        return not self._broken.isdisjoint(EARS)

    @property
    def keeps_nothing(self) -> bool:
        """Whether no place can be remembered."""
        return not self._broken.isdisjoint({Fault.DISK, Fault.LOCK})

    def owe(self, sentence: str) -> None:
        """Keep this sentence until somebody calls, or answers a reminder."""
        self._owed.append(sentence)

    def take_owed(self) -> tuple[str, ...]:
        """Take the sentences that must still be told."""
        owed, self._owed = tuple(self._owed), []
        return owed

    def add(self, fault: Fault) -> bool:
        """Note that something broke; return whether that is news."""
        is_news = fault not in self._broken
        self._broken.add(fault)
        return is_news

    def conceal(self, fault: Fault) -> None:
        """Note that nobody is told of this fault now, because nobody is there."""
        self._untold.add(fault)

    def told(self, fault: Fault) -> None:
        """Note that the person is told of this fault."""
        self._untold.discard(fault)

    def remove(self, fault: Fault) -> bool:
        """Note that something works again; return whether that is news to somebody: whoever was
        never told that it broke need not hear that it works.
        """
        is_news = fault in self._broken and fault not in self._untold
        self._broken.discard(fault)
        self._untold.discard(fault)
        return is_news
