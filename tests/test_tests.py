"""The tests themselves: each asserts something, and what is left out is told with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.left_out import by_reason, expected_reasons, tell
from support.places import ROOT, TESTS

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
REFUSALS = frozenset({"raises", "warns", "fail"})


def asserts(node: ast.AST) -> bool:
    """Whether it is an ``assert``, raises as one does, or asks pytest or numpy to."""
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Raise) and node.exc:
        return "AssertionError" in ast.dump(node.exc)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name = node.func.attr
        return name in REFUSALS or name.startswith("assert_")
    return False


def looked_at(code: ast.AST) -> tuple[bool, set[str]]:
    """Whether it asserts something itself, and the plain functions that it calls: methods do other
    things than assert.
    """
    itself, called = False, set()
    for node in ast.walk(code):
        itself = itself or asserts(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    return itself, called


def idle_tests(files: dict[str, str]) -> Iterator[str]:
    """The tests that assert nothing, neither themselves nor through a function of the tests."""
    bodies: dict[str, list[tuple[bool, set[str]]]] = {}
    tests: list[tuple[str, bool, set[str]]] = []
    for name, text in files.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, FUNCTIONS):
                itself, called = looked_at(node)
                bodies.setdefault(node.name, []).append((itself, called))
                if node.name.startswith("test_") and Path(name).name.startswith("test_"):
                    tests.append((f"{name}:{node.lineno} {node.name}", itself, called))
    asserting = {name for name, made in bodies.items() if any(itself for itself, _ in made)}
    calls = {name: set().union(*(called for _, called in made)) for name, made in bodies.items()}
    while more := {name for name in bodies.keys() - asserting if calls[name] & asserting}:
        asserting |= more
    yield from (test for test, itself, called in tests if not itself and not called & asserting)


def test_every_test_asserts_something():
    files = {str(path.relative_to(TESTS)): path.read_text("utf-8") for path in TESTS.rglob("*.py")}
    assert len(files) > 100
    assert list(idle_tests(files)) == []


def test_one_that_asserts_nothing_is_found():
    text = """
def check(value): assert value
def check_more(value): check(value)
def play(value): print(value)
def test_itself(): assert True
def test_by_a_helper(): check_more(1)
def test_refused(): pytest.raises(ValueError, play)
def test_numbers(): np.testing.assert_allclose(1, 1)
def test_idle(): play(1)
"""
    assert list(idle_tests({"test_it.py": text})) == ["test_it.py:9 test_idle"]


def test_who_plays_on_virtual_sound_says_so_in_its_own_file():
    """By that, and by the mark ``live``, ``scripts/test`` finds those that run in real time."""
    made = re.compile(r"@pytest\.fixture.*\ndef \w+\([^)]*\bvirtual_sound\b")
    files = {path for path in TESTS.rglob("*.py") if made.search(path.read_text("utf-8"))}
    assert files
    assert [path for path in files if not path.name.startswith("test_")] == []


# What is left out.

SKIPPING = """
import pytest

@pytest.mark.skipif(True, reason="no organ here")
@pytest.mark.parametrize("pipe", [8, 16])
def test_organ(pipe): pass

def test_steady(): pytest.skip("this machine stood still 3 times")

def test_well(): pass
"""
MODULE = "import pytest; pytest.importorskip('no_such_module')"


@pytest.fixture
def left_out(pytester, monkeypatch):
    """Runs the skipping tests with these expected reasons; gives exit status and text."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(test_some=SKIPPING, test_whole=MODULE)

    def run(*options: str, expected: tuple[str, ...] = ()) -> tuple[int, str]:
        if expected:
            path = pytester.path / "expected.txt"
            path.write_text("# why\n" + "\n".join(expected), "utf-8")
            options += (f"--expected-skips={path}",)
        done = pytester.runpytest_inprocess("-p", "support.left_out", *options)
        return int(done.ret), done.stdout.str()

    return run


def test_what_is_left_out_is_told_by_its_reason(left_out):
    code, text = left_out()
    assert code == 0
    assert "left out: 4" in text
    assert "   2  no organ here\n        test_some.py (2)" in text
    assert "   1  could not import 'no_such_module'" in text
    assert "not expected" not in text


def test_a_reason_that_is_not_expected_fails_the_run(left_out):
    code, text = left_out(expected=("no organ here", "could not import 'no_such_module'*"))
    assert code == 1
    assert "left out, and not expected by --expected-skips: 1" in text
    assert text.rpartition("not expected")[2].count("this machine stood still 3 times") == 1
    reasons = ("no organ*", "could not import*", "this machine stood still * times")
    assert left_out(expected=reasons)[0] == 0


def test_a_list_that_is_not_there_is_a_plain_refusal(pytester, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    done = pytester.runpytest_inprocess("-p", "support.left_out", "--expected-skips=gone.txt")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "gone.txt cannot be read (No such file or directory)" in done.stderr.str()


def test_runs_beside_each_other_are_told_of_together(left_out, pytester, capsys):
    path = pytester.path / "told.txt"
    for _ in range(2):
        code, text = left_out(f"--left-out-to={path}")
        assert code == 0
        assert "left out" not in text
    capsys.readouterr()
    tell([str(path)])
    assert capsys.readouterr().out.splitlines()[:2] == [
        "   2  no organ here",
        "        test_some.py (2)",
    ]


def test_the_reason_of_most_tests_is_told_first():
    told = by_reason([("rare", "a.py::x"), ("often", "b.py::y"), ("often", "a.py::z")])
    assert [line.split() for line in told] == [
        ["2", "often"], ["a.py", "(1)"], ["b.py", "(1)"], ["1", "rare"], ["a.py", "(1)"],
    ]  # fmt: skip


def test_the_list_of_the_continuous_integration_can_be_read():
    assert all(reason.strip() for reason in expected_reasons(ROOT / ".ci" / "expected-skips.txt"))
