"""The house stands: imports run one way, and devices are loaded only where they are used."""

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from runpy import run_path

import pytest

import voiceguide

ROOT = Path(voiceguide.__file__).parent
HOUSE = run_path(str(Path(__file__).resolve().parent.parent / "scripts" / "make_house"))
FLOOR, room_of = HOUSE["rooms"](), HOUSE["room_of"]
PURE = {
    "core": {"transitions"},
    "sound": {"audiotsm", "numpy", "soxr"},
    "show/drawing": set(),
}
ONE_FILE = {
    "vosk": "edge/",
    "pyttsx3": "edge/",
    "sounddevice": "edge/",
    "wyoming": "edge/",
    "audiotsm": "sound/stretch.py",
    "kokoro_onnx": "edge/voice/",
    "onnxruntime": "edge/voice/",
    "transitions": "core/session/machine.py",
    "paho": "home/broker.py",
    "gpiozero": "home/pins.py",
}
"""Third-party libraries with one home."""
IMPURE = {"time", "threading", "random", "socket", "subprocess", "os", "pathlib", "asyncio"}

FILES = sorted(ROOT.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """A file of the package."""
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Dotted names imported anywhere in a file."""
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return frozenset(names)


def test_there_is_something_to_walk():
    assert len(FILES) > 30


def dotted(path: Path) -> str:
    """A file as a dotted name below the package; a folder's ``__init__`` as the folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def classes() -> list[tuple[str, ast.ClassDef]]:
    """Every class that other files can import, with its file."""
    return [
        (dotted(path), node)
        for path in FILES
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def test_a_class_has_a_name_of_its_own():
    """One name for two things is read wrongly sooner or later."""
    files = defaultdict(list)
    for file, node in classes():
        files[node.name].append(file)
    assert {name: where for name, where in files.items() if len(where) > 1} == {}


def test_no_class_stands_on_a_tower_of_others():
    """What a class does can be read in it and two others at most; in the session in one other."""
    bases = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for _, node in classes()
    }

    def depth(name: str) -> int:
        return 1 + max((depth(base) for base in bases[name] if base in bases), default=0)

    most = {node.name: 2 if "core.session" in file else 3 for file, node in classes()}
    assert {name: depth(name) for name in bases if depth(name) > most[name]} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downward(path):
    if not (names := imports(path)):
        return
    for name in names:
        below = name.removeprefix("voiceguide.")
        if below == name or below == "__version__":
            continue
        own = room_of(dotted(path))
        assert (room := room_of(below)) == own or FLOOR[room] < FLOOR[own], f"imports {name}"


def test_every_room_of_the_list_is_there_and_every_folder_is_in_it():
    folders = {dotted(path) for path in FILES if path.name == "__init__.py"} - {"__init__"}
    files = {path.stem for path in ROOT.glob("*.py")} - {"__init__"}
    without_files = {"edge"}  # a folder of rooms that holds no file itself
    assert set(FLOOR) == (folders | files) - without_files


def test_the_plan_in_the_documents_is_fresh():
    page = (ROOT.parent / "docs" / "architecture.md").read_text("utf-8")
    assert HOUSE["page"]() == page, "run scripts/make_house"
    told = HOUSE["modules"]() | HOUSE["drawn"]()
    assert [name for name, text in told.items() if not text.endswith((".", "?"))] == []


@pytest.mark.parametrize("room", sorted(PURE))
def test_pure_rooms_touch_nothing_outside(room):
    for path in (ROOT / room).rglob("*.py"):
        for name in imports(path):
            top = name.split(".")[0]
            known = top in sys.stdlib_module_names or top in PURE[room] or top == "voiceguide"
            assert known, f"{path.name} imports {name}"
            if room == "core":
                assert top not in IMPURE, f"{path.name} imports {name}"


@pytest.mark.parametrize("library", sorted(ONE_FILE))
def test_a_device_library_has_one_home(library):
    homes = [
        str(path.relative_to(ROOT))
        for path in FILES
        if any(name.split(".")[0] == library for name in imports(path))
    ]
    assert homes, f"{library} is not used at all"
    assert all(home.startswith(ONE_FILE[library]) for home in homes), homes


def test_importing_and_asking_for_help_loads_no_device_library():
    code = (
        "import sys, voiceguide.__main__ as m; m.build_parser();"
        "heavy = ('vosk', 'pyttsx3', 'sounddevice', 'numpy', 'pydantic', 'yaml');"
        "print([name for name in heavy if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_session_begins_without_parsers_and_servers_that_it_has_no_use_for():
    """Its first word waits for whatever is loaded; the first start of all reads the files."""
    code = (
        "import os, sys, voiceguide.app, voiceguide.cli.run, voiceguide.cli.rehearse;"
        "from voiceguide.cli.routine import routine_from;"
        "from voiceguide.edge.files.phrase_file import load_phrasebook;"
        "from voiceguide.edge.files.shelf import open_shelf;"
        "from voiceguide.settings.tables import Settings;"
        "routine_from('quick', open_shelf(Settings(), None, os.environ)); load_phrasebook();"
        "heavy = ('pydantic', 'yaml', 'ssl', 'http.server', 'importlib.metadata', 'rich.live');"
        "print([name for name in heavy if name in sys.modules])"
    )
    for _ in range(2):  # what this process has read may lie in the cache of another test
        shown = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        if shown.stdout.strip() == "[]":
            break
    assert shown.stdout.strip() == "[]"
