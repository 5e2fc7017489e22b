"""Logs what a session did, in lines that a person can read; never what was said aloud, and nothing
that a guest did.
"""

from voiceguide.core.effects import KeepPlace
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    DeadlineReached,
    Faulted,
    Recovered,
    Started,
    TimeToRemind,
    VolumeLimited,
)
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.table import State
from voiceguide.edge.system.log import Log
from voiceguide.loop import Moment

_log = Log("session")


def log_moment(moment: Moment) -> None:
    """Log one moment of a session, if anything happened in it that is worth a line."""
    is_guest = moment.after.person == GUEST
    match moment.event:
        case CommandHeard() as heard if moment.was_obeyed and not is_guest:
            _log.info("session", "obeyed", word=heard.word, state=moment.state.value)
        case Adjusted(tempo, gain_db) if not is_guest:
            _log.info("session", "adjusted", tempo=tempo, gain_db=gain_db)
        case TimeToRemind() if moment.state is State.REMINDING:
            _log.info("session", "reminds")
        case VolumeLimited(limit_db):
            _log.info("volume", "limited", limit_db="none" if limit_db is None else limit_db)
        case Started() if moment.state is State.ASLEEP:
            _log.info("session", "asleep", reason="start")
        case DeadlineReached() if moment.state is State.ASLEEP:
            _log.info("session", "asleep", reason="silence")
        case Faulted(fault):
            _log.warning(fault.value, "failed")
        case Recovered(fault):
            _log.info(fault.value, "works")
    for effect in moment.effects:
        if isinstance(effect, KeepPlace) and not is_guest:
            place = effect.place
            where = f"{place.routine_id}/{place.section_id}/{place.step_id}"
            _log.info("session", "at", place=where, strokes=place.strokes_done)
