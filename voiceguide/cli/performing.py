"""Plays a rehearsal for a command: prints its transcript, and writes the files asked for."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.show.lines import print_line

if TYPE_CHECKING:
    from voiceguide.rehearsal.rehearsal import Rehearsal, Scene


def perform(
    scene: "Scene",
    console: Any,
    *,
    json: Path | None = None,
    wav: Path | None = None,
    picture: Path | None = None,
) -> "Rehearsal":
    """Rehearse a scene, print its transcript on a rich console, and write the files.

    Raises:
        SettingsError: a file cannot be written.
        VoiceguideError: the scene cannot be played.
    """
    from voiceguide.edge.system.whole_file import check_writable, write_whole
    from voiceguide.rehearsal.picture import timeline
    from voiceguide.rehearsal.rehearsal import rehearse
    from voiceguide.rehearsal.transcript import json_text, summary_lines, transcript
    from voiceguide.show.console import clock

    for path in (json, wav, picture):
        if path:
            check_writable(path)
    with console.status("The room is being set up …") as status:
        rehearsal = rehearse(
            scene,
            wav=wav,
            progress=lambda seconds: status.update(f"{clock(seconds)} of the session"),
        )
    for line in transcript(rehearsal.entries):
        print_line(console, line)
    console.print()
    if not rehearsal.ended:
        console.print("The session did not come to its end.", style="yellow")
    for sentence in summary_lines(rehearsal.summary, rehearsal.speed):
        print_line(console, sentence)
    if json:
        write_whole(json, json_text(rehearsal.entries, rehearsal.summary, rehearsal.ended))
    if picture:
        routine = scene.library.get(scene.routine_id or "")
        title = routine.name[:1].upper() + routine.name[1:] if routine else "A session"
        length = rehearsal.summary.length_seconds
        subtitle = _subtitle(scene)
        write_whole(picture, timeline(rehearsal.entries, length, title, subtitle))
    for path, what in ((wav, "sound"), (picture, "timeline"), (json, "transcript as JSON")):
        if path:
            print_line(console, f"Its {what} is in {path}.")
    return rehearsal


def _subtitle(scene: "Scene") -> str:
    noise = "quiet" if scene.noise == "none" else f"{Path(scene.noise).stem} {scene.snr_db:g} dB"
    when = f"{scene.profile.when.value} · " if scene.profile.when else ""
    return f"{when}simulated {scene.room} · {noise} · echo {scene.echo_db:g} dB"
