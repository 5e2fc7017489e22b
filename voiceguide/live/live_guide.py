"""One live session: its threads, and what passes between them."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from voiceguide import __version__
from voiceguide.core.commands import Phrasebook
from voiceguide.core.decision.heard import Heard
from voiceguide.core.events import Event, Fault, Faulted, Recovered
from voiceguide.core.session.session import Session
from voiceguide.edge.devices.input import Input
from voiceguide.edge.devices.keyboard import Keyboard
from voiceguide.edge.devices.output import Output
from voiceguide.edge.devices.recorder import Recorder
from voiceguide.edge.ears.listener import Listener, LiveHearing
from voiceguide.edge.files.background_file import load_background
from voiceguide.edge.service.log_lines import dropped_lines
from voiceguide.edge.service.status_socket import resident_bytes
from voiceguide.home.house import House
from voiceguide.home.orders import Choices
from voiceguide.live.caretaker import Caretaker
from voiceguide.live.choose import servers_of
from voiceguide.live.obeying import Obeying
from voiceguide.live.options import LiveOptions
from voiceguide.live.remembering import Memories
from voiceguide.live.screens import Screens
from voiceguide.live.session_log import log_moment
from voiceguide.live.start_and_end import Opening, ended_by_signals, first_events
from voiceguide.live.upkeep import Upkeep, go_on
from voiceguide.live.vitals import Vitals, as_metrics
from voiceguide.loop import Conductor, Loop, Moment
from voiceguide.performer import Performer
from voiceguide.show.console import Display
from voiceguide.sound.cues import load_cues
from voiceguide.sound.echo.port import Canceller
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.voice_port import VoicePort

if TYPE_CHECKING:
    from rich.console import Console


class LiveGuide:
    """One live session: its threads, and what passes between them."""

    def __init__(
        self,
        options: LiveOptions,
        book: Phrasebook,
        voice: VoicePort,
        ears: LiveHearing,
        output: Output,
        source: Input,
        console: "Console",
        canceller: Canceller | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        """``faults``: what is broken already; the person is told when the session begins."""
        self._faults = tuple(faults)
        self._book = book
        self._left_out = options.left_out
        self._ears = ears
        self._output = output
        self._source = source
        self._listens = source.problem is None or options.manager is not None
        display = Display(console)
        self._opening: Opening | None = None
        self._cues = load_cues(options.cues)
        rate = output.mixer.sample_rate_hz
        output.mixer.set_background(load_background(options.background, rate))
        self._manager = options.manager
        self._memories = Memories(
            options.settings,
            options.everybody,
            display,
            self._post,
            lambda do: self._loop.call(lambda: do(self._session)),
            _local_time,
        )
        first, *others = self._memories.everybody
        self._session = Session(
            first.library,
            book,
            first.memory,
            first.preferences,
            options.routine_id,
            options.manner,
            first.id,
            others,
            options.programmes,
        )
        self._obeying = Obeying(self._session, book, self._post)
        now = output.now_seconds
        self._keyboard: Keyboard | None = None
        self._screens = Screens(
            options,
            self._session,
            book,
            display,
            console,
            now,
            self._noise_dbfs,
            lambda: self._keyboard.typed if self._keyboard else None,
            self._obeying.obey_words,
        )
        self._vitals = Vitals(
            self._session,
            __version__,
            time.monotonic,
            lambda: {
                "noise_dbfs": ears.noise_dbfs,
                "voice_over_noise_db": ears.snr_db,
                "lost_blocks_total": source.lost_blocks,
                "underflows_total": output.underflows,
                "speaker_gaps_total": output.gaps,
                "microphone_gaps_total": source.gaps,
                "recognisers_lost_total": ears.times_lost,
                "memory_bytes": resident_bytes(),
                "log_lines_dropped_total": dropped_lines(),
                **self._screens.figures(),
            },
            lambda: servers_of(ears, voice),
        )
        # The loop and the conductor need each other's functions; none is called before run().
        self._voice = voice
        self._conductor = Conductor(
            self._session,
            lambda post: self._perform_on(output.mixer, post),
            self._watch,
            self._may_go_on,
        )
        self._caretaker = Caretaker(self._session, self._memories.look_back, self._post)
        self._loop = Loop(self._conductor, output.now_seconds, self._tend, ears)
        self._house = House(
            options.settings,
            __version__,
            self._session,
            Choices(
                {key: routine.name for key, routine in options.library.items()},
                options.names,
                {key: programme.name for key, programme in options.programmes.items()},
            ),
            self._loop.call,
            self._loop.post,
            _local_time,
            # Without a microphone it is unknown; a person who is there can still press a button.
            is_quiet=lambda: source.problem is not None or not ears.is_roused,
            is_restarted=options.manager is not None,
        )
        recorder = Recorder(options.record) if options.record else None
        self._recorder = recorder
        self._listener = Listener(
            source,
            ears,
            output.now_seconds,
            output.mixer,
            self._heard,
            self._caretaker.ears_failed,
            recorder.take if recorder else None,
            lambda: self._loop.call(self._conductor.performer.make_room),
            canceller,
            self._muted,
            self._caretaker.ears_are,
        )
        self._upkeep = Upkeep(
            *(self._session, self._house, self._memories, output, source, ears),
            *(self._listener, options.manager, self._post),
        )

    def run(self, typed: bool) -> None:
        """Run the session; returns when it has ended and its last sound has faded."""
        with ended_by_signals(self._post):
            self._run(typed)

    def _run(self, typed: bool) -> None:
        self._house.tend()
        unheard = self._source.problem is not None and not typed
        for event in first_events(bool(self._left_out), unheard, self._faults):
            self._loop.post(event)
        if self._listens:
            self._listener.start()
        if typed:
            self._keyboard = Keyboard(self._book, self._obeying.obey, self._puzzled)
            self._screens.note("Words can be typed, and Enter pressed; Ctrl-C ends.")
        with ExitStack() as shown:
            begin = partial(self._begin_to_show_and_hear, shown)
            self._opening = Opening(self._output.mixer, begin, time.monotonic)
            if self._manager:
                self._manager.ready()
            self._loop.run()
            if self._manager:
                self._manager.stopping()
            self._output.drain()
            self._screens.flush()

    def _begin_to_show_and_hear(self, shown: ExitStack) -> None:
        """Do what takes long once the guide's first words are on their way to the speaker."""
        self._ears.begin()
        go_on(partial(self._show, shown))
        if self._keyboard:
            self._keyboard.start()

    def _show(self, shown: ExitStack) -> None:
        panel = self._screens.open()
        if panel and self._keyboard:
            shown.enter_context(self._keyboard.key_by_key())
        if panel:
            shown.enter_context(panel)

    def status_json(self) -> str:
        """The status as JSON for another shell; any thread may ask."""
        return json.dumps(self._vitals.report(), ensure_ascii=False)

    def metrics(self) -> str:
        """The same for Prometheus."""
        return as_metrics(self._vitals.report())

    def close(self) -> None:
        """End the threads."""
        self._screens.close_page()
        self._house.close()
        self._listener.close()
        self._memories.close()
        self._screens.close()

    def _perform_on(self, mixer: Mixer, post: Callable[[Event], None]) -> Performer:
        keeper = self._memories.keeper
        return Performer(
            mixer, self._voice, self._cues, keeper, post, lambda then: self._loop.call(then)
        )

    def _post(self, event: Event) -> None:
        self._loop.post(event)

    def _watch(self, moment: Moment) -> None:
        self._screens.tell(moment)
        for watch in (
            log_moment,
            self._vitals.watch,
            self._memories.note,
            self._caretaker.watch,
            self._screens.watch,
            self._house.watch,
            self._memories.checkpoint,
        ):
            go_on(partial(watch, moment))
        self._screens.show()
        if (live := self._obeying.newly_live()) is not None:
            self._listener.listen_for(live)

    def _heard(self, heard: Heard) -> None:
        go_on(partial(self._vitals.heard, heard))
        if self._recorder:
            go_on(partial(self._recorder.keep, heard))
        go_on(partial(self._screens.hear, heard))
        if heard.phrase:
            self._obeying.obey(heard.phrase)
        else:
            self._obeying.miss(heard)

    def _noise_dbfs(self) -> float | None:
        """The level of the noise; None if nothing can be heard."""
        return self._ears.noise_dbfs if self._source.problem is None else None

    def _puzzled(self, line: str) -> None:
        self._screens.note(f"“{line}” is no command; type help.")

    def _muted(self, is_muted: bool) -> None:
        self._post(Faulted(Fault.MUTED) if is_muted else Recovered(Fault.MUTED))

    def _may_go_on(self) -> bool:
        """Whether the ears listen: nothing is asked before. The first sentence asks nothing.

        Raises:
            ModelError: they never will.
        """
        # Where nobody listens, a broken model is told all the same.
        return self._ears.have_come() or not self._listens

    def _tend(self) -> None:
        if self._opening:
            self._opening.tend()
        self._upkeep.tend()


def _local_time() -> datetime:
    return datetime.now().astimezone()
