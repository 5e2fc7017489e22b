"""One file says at what rate sound is heard and spoken, and in what pieces it comes."""

import ast
import re

import pytest
from support.places import ROOT

from voiceguide.core import rates

RATES_HZ = {8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000}
NAMES = re.compile(r"\w*RATE_HZ|\w*(BLOCK|HOP)S?_(SAMPLES|SECONDS)", re.IGNORECASE)
FILES = sorted((ROOT / "voiceguide").rglob("*.py"))


def defined(tree):
    """Names that get a number of their own, and sampling rates that are written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            if node.value in RATES_HZ:
                yield f"{node.value} on line {node.lineno}"
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and NAMES.fullmatch(target.id):
                    yield f"{target.id} on line {node.lineno}"


def suspicious(text):
    """Whether anything in it may be such a name or number: to read all of it takes its time."""
    plain = text.replace("_", "").lower()
    return any(str(rate) in plain for rate in RATES_HZ) or any(
        part in plain for part in ("ratehz", "block", "hop", "000.", "e3", "e4")
    )


@pytest.mark.parametrize("name", ["RATE_HZ = 7", "HOP_SECONDS: float = 0.02", "f(16000)"])
def test_a_number_of_its_own_is_noticed(name):
    assert suspicious(name)
    assert list(defined(ast.parse(name)))


def test_no_other_module_defines_a_rate_a_block_or_a_hop():
    found = {
        str(path.relative_to(ROOT)): numbers
        for path in FILES
        if path != ROOT / "voiceguide" / "core" / "rates.py"
        and suspicious(text := path.read_text("utf-8"))
        and (numbers := list(defined(ast.parse(text))))
    }
    assert found == {}


def test_the_pieces_fit_into_one_another():
    assert rates.BLOCK_SAMPLES == rates.BLOCK_SECONDS * rates.EAR_RATE_HZ == 800
    assert rates.HOP_SAMPLES == rates.HOP_SECONDS * rates.EAR_RATE_HZ == 160
    assert rates.BLOCK_SAMPLES % rates.HOP_SAMPLES == 0
