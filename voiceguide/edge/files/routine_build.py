"""Turns a valid routine file into the frozen values of ``core/routine/routine.py``."""

from collections.abc import Sequence

from voiceguide.core.routine import routine as core
from voiceguide.core.routine.breath import CALM, Breath, parse_breath
from voiceguide.core.spoken import words
from voiceguide.edge.files.action_models import BreatheFile, StrokeFile, WaitFile
from voiceguide.edge.files.routine_models import (
    IfFile,
    PictureFile,
    RoutineFile,
    SectionFile,
    StepFile,
)
from voiceguide.edge.files.routine_values import slug


def to_routine(file: RoutineFile) -> core.Routine:
    """The routine that a valid file describes."""
    usual = parse_breath(file.breathing) if file.breathing else CALM
    return core.Routine(
        id=file.id,
        name=file.name,
        summary=file.summary,
        sections=tuple(_section(section, file.count, usual) for section in file.section),
        called=tuple(file.called),
        beforehand=tuple(file.beforehand),
        safety=tuple(file.safety),
        closing=tuple(file.closing),
        why=tuple(file.why),
        language=file.language,
        breath=parse_breath(file.breathing) if file.breathing else None,
        within_seconds=file.within,
        supply=tuple(core.Supply(each.name, to_conditions(each.if_)) for each in file.supply),
        tool=tuple(file.tool),
        pronunciations=tuple((word.lower(), how) for word, how in file.pronunciations.items()),
        picture=_picture(file.picture) if file.picture else None,
        pressure_for=tuple((core.Skin(skin), how) for skin, how in file.pressure_for.items()),
    )


def _picture(file: PictureFile) -> core.Picture:
    return core.Picture(
        tuple(file.outline),
        tuple((region, tuple(shapes)) for region, shapes in file.region.items()),
        tuple((name.lower(), out, down) for name, (out, down) in file.place.items()),
    )


def to_conditions(file: IfFile | None) -> core.Conditions:
    """The conditions that an ``if`` describes; none where there is no ``if``."""
    if file is None:
        return core.Conditions()
    return core.Conditions(
        when=core.When(file.when) if file.when else None,
        skin=tuple(core.Skin(name) for name in file.skin),
        not_skin=tuple(core.Skin(name) for name in file.not_skin),
        tool=file.tool,
        not_tool=tuple(file.not_tool),
    )


def _section(file: SectionFile, count: str | None, usual: Breath) -> core.Section:
    return core.Section(
        id=file.id or slug(file.name),
        name=file.name,
        steps=tuple(
            _step(step, file.count or count, usual, on_breath=file.breathing is None)
            for step in file.step
        ),
        region=file.region or "",
        announce=None if file.announce is None else tuple(file.announce),
        why=tuple(file.why),
        conditions=to_conditions(file.if_),
    )


def _step(file: StepFile, count: str | None, usual: Breath, *, on_breath: bool) -> core.Step:
    aloud = (file.count or count) == "aloud"
    return core.Step(
        id=file.id or slug(file.name),
        name=file.name,
        mode=_mode(file),
        say=tuple(file.say),
        say_for=tuple((core.Skin(skin), tuple(said)) for skin, said in file.say_for.items()),
        short=_own(file.short),
        short_number=_number(file.short),
        amount=_own(file.amount),
        amount_number=_number(file.amount),
        tip=tuple(file.tip),
        why=tuple(file.why),
        stroke=_stroke(file.stroke, aloud) if file.stroke else None,
        hold=core.Hold(file.hold.seconds, core.Side(file.hold.side), file.hold.path)
        if file.hold
        else None,
        wait=_wait(file.wait, file.say) if file.wait else None,
        breathe=_breathe(file.breathe, usual) if file.breathe else None,
        on_breath=on_breath and file.breathing is None,
        conditions=to_conditions(file.if_),
    )


def _own(chosen: list[str] | int) -> tuple[str, ...]:
    return () if isinstance(chosen, int) else tuple(chosen)


def _number(chosen: list[str] | int) -> int | None:
    return chosen if isinstance(chosen, int) else None


def _mode(file: StepFile) -> core.Mode:
    if file.stroke:
        return core.Mode.STROKE
    if file.hold:
        return core.Mode.HOLD
    if file.breathe:
        return core.Mode.BREATHE
    return core.Mode.WAIT if file.wait else core.Mode.SAY


def _stroke(file: StrokeFile, aloud: bool) -> core.Stroke:
    return core.Stroke(
        count=file.count,
        seconds=file.seconds,
        side=core.Side(file.side),
        hands=file.hands,
        path=file.path,
        pressure=file.pressure,
        count_aloud=aloud,
    )


def _breathe(file: BreatheFile, usual: Breath) -> core.Breathe:
    breath = parse_breath(file.pattern) if file.pattern else None
    count = file.count or max(1, round((file.time or 0.0) / (breath or usual).seconds))
    return core.Breathe(count, breath, file.time)


def _wait(file: WaitFile, say: Sequence[str]) -> core.Wait:
    timer = None if isinstance(file.until, str) else file.until
    says_rinse = any("rinse" in words(sentence) for sentence in say)
    return core.Wait(
        about_seconds=file.about or timer or 0.0,
        timer_seconds=timer,
        reminder=file.reminder,
        by_tap=timer is None and (says_rinse if file.tap is None else file.tap),
    )
