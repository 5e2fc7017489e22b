"""Folders that tests read from."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
DATA = TESTS / "data"
EARS_DATA = DATA / "ears"
SUPPORT = TESTS / "support"
