"""What is looked after again and again while a session lasts: devices, files, the manager."""

import logging
import os
from collections.abc import Callable

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Event
from voiceguide.core.session.session import Session
from voiceguide.core.table import RESTING, State
from voiceguide.edge.devices.input import Input
from voiceguide.edge.devices.output import Output
from voiceguide.edge.ears.listener import Listener, LiveHearing
from voiceguide.edge.service.service_manager import ServiceManager
from voiceguide.edge.system.log import Log
from voiceguide.home.house import House
from voiceguide.live.remembering import Memories

_log = Log()


class Upkeep:
    """Looks after the parts of a live session that are no part of its table."""

    def __init__(
        self,
        session: Session,
        house: House,
        memories: Memories,
        output: Output,
        source: Input,
        ears: LiveHearing,
        listener: Listener,
        manager: ServiceManager | None,
        post: Callable[[Event], None],
    ) -> None:
        self._session = session
        self._house = house
        self._memories = memories
        self._output = output
        self._source = source
        self._ears = ears
        self._listener = listener
        self._manager = manager
        self._post = post

    def tend(self) -> None:
        """Look after all of it once; the thread of the loop calls this."""
        go_on(self._house.tend)
        if self._session.state in RESTING:
            self._memories.look_for_changes()
        # A sleeping guide plays nothing, and an open speaker costs more than the ears do. Opening
        # takes time, so the speaker is opened before the ears have decided on a call.
        asleep = self._session.state in (State.ASLEEP, State.ENDED)
        self._output.may_rest = asleep and not self._ears.may_be_called
        for event in (*self._output.tend(), *self._source.tend()):
            self._post(event)
        if self._manager and (self._output.hangs or self._source.hangs):
            # The journal has everything already, and closing anything might hang as well.
            _log.error("sound", "hangs", next="the service manager starts the guide again")
            self._manager.stopping()
            for handler in logging.getLogger().handlers:
                handler.flush()
            os._exit(DeviceError.exit_code)
        # The thread of the ears counts too: a guide that never hears anything is not alive.
        if self._manager and self._listener.is_responsive:
            self._manager.beat()


def go_on(part: Callable[[], None]) -> None:
    """Have a part do its work; if it fails, the other parts go on, and it is called again."""
    try:
        part()
    except Exception:
        _log.exception("part", "failed")
