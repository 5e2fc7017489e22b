"""What the documents claim: every link leads somewhere, and figures are those of the code."""

import re
from pathlib import Path

import pytest
from support.places import ROOT

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Reason
from voiceguide.core.decision.thresholds import OVER_UNKNOWN_ECHO, Thresholds
from voiceguide.core.errors import VoiceguideError
from voiceguide.core.numbers import number
from voiceguide.core.session.reminders import UNDO_SECONDS
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State
from voiceguide.live.vitals import as_text
from voiceguide.sound.echo.gate import FIRST_SECONDS

FOLDERS = ("", "docs", "models/*", "audio", "scripts", "scripts/*", "requirements", "tests")
PAGES = sorted({page for folder in FOLDERS for page in ROOT.glob(f"{folder}/*.md".lstrip("/"))})


def read(name: str) -> str:
    """A page, its lines joined: a claim may be broken anywhere."""
    return " ".join((ROOT / name).read_text("utf-8").split())


def anchors(page: Path) -> set[str]:
    """What can stand behind a page's ``#``, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    text = page.read_text("utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_document_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in index, page.name


AMERICAN = re.compile(
    r"(?<![-`/.])\b(colors?|centers?|favorite|behaviors?|neighbors?|gray|labeled|"
    r"(?:organ|recogn|normal|optim|summar|real|synthes|emphas|initial|minim|custom)iz\w+)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_spelling_is_british(page):
    words = re.sub(r"`[^`]*`|```.*?```|\"[^\"]*\"", " ", page.read_text("utf-8"), flags=re.DOTALL)
    assert AMERICAN.findall(words) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_module_named_is_there(page):
    rooms = "voiceguide|core|edge|sound|settings|show|home|live"
    for module in re.findall(rf"`((?:{rooms})/[\w/]+\.(?:py|js))`", page.read_text("utf-8")):
        assert (ROOT / module).is_file() or (ROOT / "voiceguide" / module).is_file(), module


def test_the_scores_are_those_that_are_needed():
    limits = Thresholds()
    text = read("docs/decision.md")
    for words, level in (
        ("25 dB and more (quiet)", limits.clear_db),
        ("14 to 8 dB (noise)", limits.noisy_db),
        ("4 dB and less (drowned)", limits.drowned_db),
    ):
        assert words.startswith(f"{level:.0f} ")
        plain, costly = (limits.usual_score(is_costly, level) for is_costly in (False, True))
        assert f"| {words} | {plain:.2f} | {costly:.2f} |" in text
    usual = f"score {limits.confidence:.2f} on average in quiet"
    assert usual in read("docs/train-me.md")
    assert f"({limits.usual_score(True):.2f} for *stop*" in read("docs/train-me.md")


def test_what_is_obeyed_over_the_guide_is_told_once_and_rightly():
    assert FIRST_SECONDS == 1.0
    assert {"stop", "pause", "next"} == {str(command) for command in OVER_UNKNOWN_ECHO}
    limits = Thresholds()
    text = read("docs/decision.md")
    assert "| the first second | nothing:" in text
    assert f"*stop*, *pause* and *next*, from {limits.unknown_echo_confidence:.2f} on" in text
    words = "first second that it speaks it obeys nothing said over its voice"
    assert words in read("docs/ears.md")


def test_a_call_needs_what_is_told():
    limits = Thresholds()
    call = Phrase("hey guide", Command.WAKE)
    quiet, noisy = limits.score_for(call, limits.clear_db), limits.score_for(call, limits.noisy_db)
    assert f"{quiet:.2f} in quiet, {noisy:.2f} beside a noise" in read("docs/decision.md")


def test_the_model_knows_as_many_words_as_are_told():
    words = (ROOT / "models/voiceguide-en-1/graph/words.txt").read_text("utf-8").splitlines()
    known = f"{sum(line[0] not in '<[#' for line in words):,}"
    assert f"{known} words (`graph/words.txt`)" in read("models/voiceguide-en-1/README.md")


def test_stop_lingers_as_long_as_is_told():
    seconds = number(round(UNDO_SECONDS))
    assert f"linger for {seconds} seconds" in read("docs/architecture.md")


def test_every_exit_code_is_told():
    rule = read("CONTRIBUTING.md").split("Exit codes:")[1].split(".")[0]
    told = {int(code) for code in re.findall(r"\b(\d+) ", rule)}
    kinds = [VoiceguideError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    assert {0, 130} | {kind.exit_code for kind in kinds} == told


def test_every_reason_not_to_obey_is_explained_to_whoever_is_not_heard():
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    for reason in Reason:
        assert f"| {reason.value} |" in text


def test_what_the_doctor_looks_at_is_told_in_its_order():
    told = re.search(r"from the inside out: \*([^*]+)\*", read("docs/troubleshooting.md"))[1]
    lines = (ROOT / "voiceguide" / "doctor" / "examination.py").read_text("utf-8")
    assert told.split(", ")[:2] == ["system", "libraries"]
    looked = re.findall(r"check_(\w+)\(", lines.split("yield libraries")[1])
    assert told.split(", ")[2:] == [name.replace("echo", "talking over") for name in looked]


def test_what_the_doctor_says_of_sound_is_what_it_is_looked_up_by():
    sources = [ROOT / "voiceguide" / "doctor" / name for name in ("sound.py", "echo.py")]
    said = " ".join(" ".join(path.read_text("utf-8").split()) for path in sources)
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    tables = [part.split("\n\n")[0] for part in text.split("| it says | do |\n")[1:]]
    rows = [line for table in tables for line in table.splitlines()[1:]]
    assert len(rows) >= 8
    for row in rows:
        looked_up = row.split("|")[1].strip(" `…").replace("talking over the guide ", "")
        if looked_up != "microphone: none":
            assert looked_up.split("”, ")[-1] in said, looked_up


def test_a_line_of_the_status_looks_as_it_is_shown():
    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    shown = re.search(r"^    (“next” obeyed .*)$", page, re.MULTILINE)[1]
    heard = {
        "text": "next", "obeyed": "next", "why": Reason.AGREED.value, "confidence": 0.98,
        "snr_db": 21.0, "latency_seconds": 0.15,
    }  # fmt: skip
    latency = {"p50": 0.21, "p95": 0.47}
    text = as_text(
        {
            "version": "1", "uptime_seconds": 1, "session": Snapshot(State.PACING).as_json(),
            "servers": [], "latency_seconds": latency, "figures": {}, "last_utterances": [heard],
        }
    )  # fmt: skip
    assert text.splitlines()[-1].strip() == shown
    line = next(one for one in text.splitlines() if one.startswith("latency"))
    assert " ".join(line.split()) in read("docs/troubleshooting.md")
