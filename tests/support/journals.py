"""Journals of a test: what is kept in them and read from them, also by another process."""

import os
import subprocess
import sys
import time
from pathlib import Path

from voiceguide.core.effects import Place
from voiceguide.edge.journal.journal import Journal

NECK = Place("morning", "neck", "glide", 3)
JAW = Place("evening", "jaw", "knead", 0)


def read(path):
    """What a fresh process would load, and the warning it would tell."""
    with Journal(path) as journal:
        return (*journal.load(), journal.warning)


def keep(path, *effects):
    with Journal(path) as journal:
        for effect in effects:
            journal.keep(effect)


def aside(number=1):
    """The name of the first, second … damaged journal of today."""
    more = f"-{number}" if number > 1 else ""
    return Path(f"journal.broken-{time.strftime('%Y-%m-%d')}{more}.sqlite")


def run_python(code, *args, **more):
    """A child with the interpreter and path of this one."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        **more,
    )
