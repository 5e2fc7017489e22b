"""The house stands: imports run one way, and devices are loaded only where they are used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import voiceguide

ROOT = Path(voiceguide.__file__).parent
LAYERS = {
    "core": 0,
    "sound": 1,
    "drawing": 1,
    "performer": 2,
    "loop": 2,
    "display": 2,
    "view": 2,
    "panel": 2,
    "minutes": 2,
    "vitals": 2,
    "settings_keys": 2,
    "settings_file": 2,
    "settings": 2,
    "settings_home": 2,
    "settings_sound": 2,
    "edge": 3,
    "room": 4,
}
"""Lower may not import higher; whatever is not named here (app, cli, doctor, …) is on top."""
TOP = 5
PURE = {
    "core": {"transitions"},
    "sound": {"audiotsm", "numpy", "soxr"},
    "drawing": set(),
}
ONE_FILE = {
    "vosk": "edge/",
    "pyttsx3": "edge/",
    "sounddevice": "edge/",
    "wyoming": "edge/",
    "audiotsm": "sound/stretch.py",
    "kokoro_onnx": "edge/",
    "onnxruntime": "edge/",
    "transitions": "core/machine.py",
    "paho": "edge/broker.py",
    "gpiozero": "edge/pins.py",
}
"""Third-party libraries with one home."""
IMPURE = {"time", "threading", "random", "socket", "subprocess", "os", "pathlib", "asyncio"}

FILES = sorted(ROOT.rglob("*.py"))


def layer(module: str) -> int:
    """The layer of a dotted name inside the package."""
    parts = module.split(".")
    return 0 if parts[1] == "__version__" else LAYERS.get(parts[1], TOP)


def imports(path: Path) -> set[str]:
    """Dotted names imported anywhere in a file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def test_there_is_something_to_walk():
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path):
    relative = path.relative_to(ROOT)
    own = LAYERS.get(relative.parts[0].removesuffix(".py"), TOP)
    for name in imports(path):
        if name.startswith("voiceguide."):
            assert layer(name) <= own, f"{relative} imports {name}"


@pytest.mark.parametrize("room", sorted(PURE))
def test_pure_rooms_touch_nothing_outside(room):
    for path in (ROOT / room).glob("*.py"):
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
