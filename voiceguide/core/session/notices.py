"""Tells a person of faults, until each was heard to its end, or is over before that."""

from voiceguide.core import wording_faults
from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.events import Fault
from voiceguide.core.session.drive import Drive
from voiceguide.core.session.guide import Guide
from voiceguide.core.table import State


class Notices:
    """Tells of what breaks and what works again; a guide that sleeps tells when it is called, or
    when its reminder is answered (`Openings`).
    """

    def __init__(self, guide: Guide, drive: Drive) -> None:
        self._guide = guide
        self._drive = drive

    def faulted(self, fault: Fault) -> None:
        """Tell that this broke."""
        guide = self._guide
        if not guide.faults.add(fault):
            return
        if guide.state is State.ASLEEP:
            guide.faults.conceal(fault)
            return
        sentence, recovery = wording_faults.FAULTS[fault], wording_faults.RECOVERIES[fault]
        were_heard = all(guide.mouth.was_heard(text) for text in (sentence, recovery))
        self._withdraw(recovery)
        if were_heard:
            guide.asides.notice(sentence)
            guide.turn.do(PlayCue(Cue.FAULT, guide.turn.now))

    def recovered(self, fault: Fault) -> None:
        """Tell that this works again, if the person was told that it broke."""
        guide = self._guide
        if not guide.faults.remove(fault) or guide.state is State.ASLEEP:
            return
        sentence = wording_faults.FAULTS[fault]
        was_heard = guide.mouth.was_heard(sentence)
        if was_heard or fault not in wording_faults.PASSING:
            self._withdraw(sentence)
        if was_heard:
            guide.asides.notice(wording_faults.RECOVERIES[fault])

    def left_out(self) -> None:
        """Tell once that a routine of the person's own cannot be used."""
        guide = self._guide
        if guide.state is State.ASLEEP:
            guide.faults.owe(wording_faults.LEFT_OUT)
        else:
            guide.asides.notice(wording_faults.LEFT_OUT)

    def _withdraw(self, sentence: str) -> None:
        """Do not say a notice that is no longer true."""
        guide = self._guide
        unspoken = guide.mouth.withdraw(sentence)
        if unspoken is not None:
            guide.turn.hush()
            self._drive.ended(unspoken, guide.turn.now)
