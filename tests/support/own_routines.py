"""Routine files of one's own, written for a test."""

from pathlib import Path

TEXT = """\
format: voiceguide/1
id: {id}
name: {name}
summary: A moment for tired hands.
safety: Leave sore joints alone.
section:
  - name: palms
    step:
      - {{name: fists, say: "Close both fists, gently.", hold: 2 s}}
"""


def write_routine(
    folder: Path, routine_id: str, name: str, *, called: str = "", file: str = ""
) -> Path:
    """Write a routine of a few seconds into a folder; gives its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (file or f"{routine_id}.yaml")
    path.write_text(TEXT.format(id=routine_id, name=name), encoding="utf-8")
    if called:
        with path.open("a", encoding="utf-8") as more:
            more.write(f"called: [{called}]\n")
    return path
