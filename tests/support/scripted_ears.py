"""Ears that play scripted partial results to the decider, block by block."""

from dataclasses import dataclass, field, replace

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.decider import Decider
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard, Reading
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.votes import Ask, BlockHeard, Vote

BLOCK = 0.05
LIMITS = Thresholds()
PHRASES = (
    Phrase("next", Command.NEXT),
    Phrase("repeat", Command.REPEAT),
    Phrase("repeat that", Command.REPEAT),
    Phrase("repeat the zone", Command.REPEAT_ZONE),
    Phrase("stop", Command.STOP),
    Phrase("skip", Command.SKIP_ZONE),
    Phrase("skip the zone", Command.SKIP_ZONE),
    Phrase("what can i say", Command.HELP),
)
NEXT, STOP = PHRASES[0], PHRASES[4]


@dataclass
class Ears:
    """Plays a script block by block; the votes are scripted too."""

    votes: list[tuple[str, float]] = field(default_factory=lambda: [("next", 1.0)])
    decider: Decider = field(default_factory=Decider)
    asks: list[Ask] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    now: float = 0.0
    sounding: Sounding = SILENT
    word_seconds: float | None = None
    """How long the word is in the votes; None for nearly all that is heard again."""
    above_echo_db: float = 0.0
    noise_db: float = -60.0
    opinion: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.decider.listen_for(PHRASES)

    def block(self, text: str, loud: bool, *, final: bool = False, guide: bool = False) -> None:
        self.now = round(self.now + BLOCK, 6)
        level = -20.0 if loud else self.noise_db
        readings = (Reading(level, self.noise_db, loud),) * 5
        above = (self.above_echo_db,) * 5 if loud and guide else ()
        ask = self.decider.observe(
            BlockHeard(self.now, text, readings, final, guide, self.sounding, above)
        )
        if ask is not None:
            ask = replace(ask, opinion=self.opinion)
            self.asks.append(ask)
            start, end = ask.start_seconds + 0.3, ask.end_seconds - 0.1
            if self.word_seconds is not None:
                start = end - self.word_seconds
            cast = tuple(Vote(t, c, start, end) for t, c in self.votes)
            heard = self.decider.answer(ask, cast)
            if heard is not None:
                self.heard.append(heard)
                return
        _, record = self.decider.close(self.now, final=final)
        if record is not None:
            self.heard.append(record)

    def say(self, text: str, seconds: float = 0.4, **kind: bool) -> float:
        """Loud blocks; the text is written with the last of them. Returns when it ended."""
        blocks = round(seconds / BLOCK)
        for index in range(blocks):
            self.block(text if index == blocks - 1 else "", True, **kind)
        return self.now

    def silence(self, seconds: float, text: str = "", **kind: bool) -> None:
        for _ in range(round(seconds / BLOCK)):
            written = text if not any(one.accepted for one in self.heard) else ""
            self.block(written, False, **kind)

    @property
    def obeyed(self) -> list[str]:
        return [one.phrase.text for one in self.heard if one.phrase]
