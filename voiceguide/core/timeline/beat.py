"""The beat of strokes: their own seconds at a tempo, or the breath."""

from dataclasses import dataclass

from voiceguide.core.routine.breath import CALM, Breath
from voiceguide.core.routine.routine import Step


@dataclass(frozen=True, slots=True)
class Beat:
    """How long a stroke, a breath and a hold take."""

    tempo: float = 1.0
    """Tempo of strokes with seconds of their own: 2 is twice as fast as planned."""
    breath: Breath | None = None
    """The breath that strokes and holds ride on; None if they have seconds of their own."""
    breath_tempo: float = 1.0
    """Tempo of the breath: 2 is twice as fast as its pattern."""
    asked: Breath | None = None
    """The pattern that the person wants for every breath, whatever the routine has."""

    def pattern(self, step: Step) -> Breath | None:
        """The breath that paces a step, at tempo 1; None where none does."""
        if step.breathe:
            return self.asked or step.breathe.breath or self.breath or CALM
        return self.breath if step.on_breath and (step.stroke or step.hold) else None

    def breath_of(self, step: Step) -> Breath | None:
        """The same at the present tempo."""
        pattern = self.pattern(step)
        return pattern.at_tempo(self.breath_tempo) if pattern else None

    def seconds_of_one(self, step: Step) -> float:
        """Length of one stroke, breath or hold of a step; 0 where there is nothing to do."""
        breath = self.breath_of(step)
        if step.hold:
            seconds = step.hold.seconds
            return breaths_in(seconds, breath) * breath.seconds if breath else seconds
        if breath:
            return breath.seconds
        return step.stroke.seconds / self.tempo if step.stroke else 0.0


def breaths_in(seconds: float, breath: Breath) -> int:
    """How many whole breaths a hold of this length becomes; at least one."""
    return max(1, round(seconds / breath.seconds))
