"""A PATH of few programs, some of which only answer, for tests of the scripts."""

import shutil
from pathlib import Path

BASH = shutil.which("bash") or "bash"


def faked(tools: dict[str, str], **answers: str) -> dict[str, str]:
    """These tools, with some that only answer: a text, or a shell program after ``sh:``."""
    folder = Path(tools["PATH"])
    for name, answer in answers.items():
        path = folder / name.replace("_", "-")
        path.unlink(missing_ok=True)
        told = answer.removeprefix("sh:") if answer.startswith("sh:") else f"echo '{answer}'"
        path.write_text(f"#!{BASH}\n{told}\n")
        path.chmod(0o755)
    return tools
