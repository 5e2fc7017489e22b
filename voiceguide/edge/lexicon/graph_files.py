"""The files beside a graph that it was built from, so that words can be added on any machine."""

from pathlib import Path

LEXICON_FILE, FILLER_FILE = "lexicon.txt.gz", "filler.json"


def can_grow(graph: Path) -> bool:
    """Whether words can be added to the graph in this folder."""
    return (graph / LEXICON_FILE).is_file() and (graph / FILLER_FILE).is_file()
