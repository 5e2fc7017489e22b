"""What a session did, as log lines a person can read; never what was said aloud."""

import logging

from voiceguide.core.effects import KeepPlace
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    DeadlineReached,
    Faulted,
    Recovered,
    Started,
    VolumeLimited,
)
from voiceguide.core.table import State
from voiceguide.loop import Moment

_log = logging.getLogger("voiceguide.session")


def log_moment(moment: Moment) -> None:
    """Log one moment of a session, if anything happened in it that is worth a line."""
    match moment.event:
        case CommandHeard(command, routine_id):
            word = routine_id or command.value.replace("_", " ")
            _log.info("obeyed “%s”, now %s", word, moment.state.value)
        case Adjusted(tempo, gain_db):
            told = {"tempo": tempo, "volume in dB": gain_db}
            _log.info("set: %s", {key: value for key, value in told.items() if value is not None})
        case VolumeLimited(limit_db):
            _log.info("the volume's limit is %s", "off" if limit_db is None else f"{limit_db:g} dB")
        case Started() if moment.state is State.ASLEEP:
            _log.info("it sleeps until it is called")
        case DeadlineReached() if moment.state is State.ASLEEP:
            _log.info("no word was said for long; it sleeps")
        case Faulted(fault):
            _log.warning("%s failed", fault.value)
        case Recovered(fault):
            _log.info("%s works again", fault.value)
    for effect in moment.effects:
        if isinstance(effect, KeepPlace):
            place = effect.place
            where = f"{place.routine_id}, {place.section_id}, {place.step_id}"
            _log.info("at %s, %d strokes done", where, place.strokes_done)
