"""What the command line and the settings ask of a live guide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.preferences import Guided, Manner
from voiceguide.edge.service.service_manager import ServiceManager
from voiceguide.settings.tables import Settings


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """The options of a live guide."""

    first: Guided
    """Who is guided until somebody says who they are; nothing is remembered of anybody yet."""
    routine_id: str | None
    """The routine to begin with; None asks aloud."""
    settings: Settings
    model: str | None
    voice: str | None
    input_device: str | None
    output_device: str | None
    record: Path | None
    cues: str | None = None
    """A set of cues or a folder; None for the usual ones."""
    background: str | None = None
    """``drone``, or the path of a sound file; None for silence."""
    manner: Manner = field(default_factory=Manner)
    """How the person wants this session."""
    others: tuple[Guided, ...] = ()
    """Everybody else who may say that they are there."""
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    """The programmes that can be followed, by id."""
    names: Mapping[str, str] = field(default_factory=dict)
    """By id, the names of the persons of the home; empty if nobody has a name."""
    personal: Path | None = None
    """The person's own scores (`voiceguide train-me`); None for the usual ones."""
    panel: bool = True
    """Whether a terminal shows a live display below the lines."""
    page: str | None = None
    """``HOST:PORT`` of the mirror page, or empty for the usual one; None for none."""
    page_control: bool = False
    """Whether commands may be given from the page."""
    debug: bool = False
    """Whether commands that were not obeyed are shown with the reason."""
    wake: tuple[str, ...] = ()
    """The calls of a guide that stays (`Manner.sleep_seconds`)."""
    notes: tuple[str, ...] = ()
    """Sentences to show and to log, but not to say: what the settings name that does not exist."""
    left_out: tuple[str, ...] = ()
    """Why routines of the person's own cannot be chosen, one sentence for each file."""
    manager: ServiceManager | None = None
    """Is told that the guide is alive. With a manager there is nobody at a terminal, and the guide
    waits for devices that are missing; None if a person started the guide."""

    @property
    def library(self) -> Mapping[str, Routine]:
        """Every routine that can be chosen, selected for the first person."""
        return self.first.library

    @property
    def everybody(self) -> tuple[Guided, ...]:
        """Everybody who can be guided, the first one first."""
        return (self.first, *self.others)
