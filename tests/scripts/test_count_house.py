"""The count of rooms, arrows and floors, on a small house."""

from runpy import run_path

import pytest
from support.places import ROOT

HOUSE = run_path(str(ROOT / "scripts" / "count_house"))

FILES = {
    "core/table.py": "",
    "core/session/guide.py": "from voiceguide.core.table import State\n",
    "edge/voice.py": "from voiceguide.core import table\nimport voiceguide.core.session.guide\n",
    "loop.py": "import json\nimport voiceguide.edge.voice\nfrom voiceguide.core import table\n",
}


@pytest.fixture
def checkout(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "voiceguide" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "README.md").write_text("Four words of it.")
    return tmp_path


def test_a_small_house_is_counted(checkout):
    found = HOUSE["figures"](checkout)
    assert (found["rooms"], found["arrows between rooms"], found["floors"]) == (4, 5, 4)
    assert (found["rooms at the top"], found["arrows at the top"]) == (3, 3)
    assert found["floors at the top"] == 3
    assert found["loose modules"] == 1
    assert found["longest file, lines"] == "3 (voiceguide/loop.py)"
    assert found["words of the documents"] == 4


def test_a_way_that_leads_back_is_told(checkout):
    (checkout / "voiceguide" / "core" / "table.py").write_text("import voiceguide.loop\n")
    assert HOUSE["figures"](checkout)["floors"] == "none: a way along arrows leads back"
