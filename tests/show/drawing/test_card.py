"""The card: all strokes with pictures, the words, the cautions; nothing from outside, no script."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from voiceguide.__main__ import main
from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import Profile, When, select
from voiceguide.core.timeline.beat import breaths_in
from voiceguide.core.timeline.plan import make_plan
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import bundled_routines, load_routine
from voiceguide.show import print_pdf
from voiceguide.show.drawing.card import WORDS, card

BOOK = load_phrasebook()


class Structure(HTMLParser):
    """Every element opened, and what stays open."""

    VOID = frozenset({"meta"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("routine_id", bundled_routines())
def test_a_card_holds_every_zone_stroke_count_caution_and_word(routine_id):
    routine = load_routine(routine_id)
    made = card(routine, BOOK)
    text = unescape(made)
    structure = Structure(made)
    assert structure.open == []
    assert "script" not in structure.tags
    assert not re.search(r"(src|href)=|url\(|@import", made)
    for section, step in routine.steps():
        assert section.name in text
        assert step.name in text
        if step.stroke:
            assert f"{step.stroke.count} × {step.stroke.seconds:g} s" in text
    for sentence in routine.safety:
        assert sentence in text
    for command, _ in WORDS:
        assert f"“{BOOK.of(command)[0].text}”".lower() in text.lower()


@pytest.mark.parametrize("routine_id", bundled_routines())
def test_on_the_breath_counts_are_breaths(routine_id):
    routine, box = load_routine(routine_id), parse_breath("box")
    text = unescape(card(routine, BOOK, box))
    assert Structure(text).open == []
    for _, step in routine.steps():
        if step.stroke:
            assert f">{step.stroke.count} breath" in text
            assert f"{step.stroke.count} × " not in text
            assert "stroke as you breathe out</b> (in 4 hold 4 out 4 hold 4)" in text
            assert (
                "longer breaths" in text and f"“{BOOK.of(Command.BREATHING_OFF)[0].text}”" in text
            )
        if step.hold:
            count = breaths_in(step.hold.seconds, box)
            assert f"hold {count} breath{'s' if count > 1 else ''}<" in text
        if step.breathe:
            assert f"{step.breathe.count} breaths, {box}" in text
    assert wording.minutes(make_plan(routine, breath=box).total_seconds) in text


def test_a_routine_that_rides_by_itself_shows_it():
    riding = replace(load_routine("quick"), breath=parse_breath("calm"))
    assert "(in 4 out 6)" in card(riding, BOOK)
    assert "1 breath<" in card(riding, BOOK)
    assert "breath" not in card(load_routine("quick"), BOOK)


def test_what_does_not_apply_is_not_on_it_and_no_text_is_markup():
    morning = select(load_routine("serum-ritual"), Profile(When.MORNING))
    assert "first cleanse" not in card(morning, BOOK)
    hostile = replace(morning, name="<script>alert(1)</script>")
    assert "<script" not in card(hostile, BOOK)


def test_the_card_is_written_beside_or_where_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["card", "quick"]) == 0
    assert "quick-card.html" in capsys.readouterr().out
    assert "Quick massage" in (tmp_path / "quick-card.html").read_text("utf-8")
    assert main(["card", "quick", "--breathing", "box", "-o", "box.html"]) == 0
    assert "hold 4" in (tmp_path / "box.html").read_text("utf-8")
    assert main(["card", "quick", "--breathing", "deep"]) == 2
    assert "is no breath" in capsys.readouterr().err
    assert main(["card", "quick", "-o", "card.doc"]) == 2
    assert "ends in .html or .pdf" in capsys.readouterr().err
    assert main(["card", "quick", "-o", "no/folder.html"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_without_a_browser_a_pdf_is_refused_with_a_way_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(print_pdf, "BROWSERS", ("no-such-browser",))
    assert main(["card", "quick", "-o", str(tmp_path / "quick.pdf")]) == 2
    assert "write quick.html instead" in capsys.readouterr().err


def test_a_browser_that_fails_is_one_plain_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(print_pdf, "BROWSERS", ("false",))
    assert main(["card", "quick", "-o", str(tmp_path / "quick.pdf")]) == 2
    assert "could not print the card" in capsys.readouterr().err
    assert not (tmp_path / "quick.pdf").exists()


@pytest.mark.skipif(print_pdf.find_browser() is None, reason="no Chromium installed")
@pytest.mark.parametrize(("routine_id", "most"), [("quick", 1), ("serum-ritual", 2)])
def test_a_printed_card_is_a4_and_has_few_pages(tmp_path, routine_id, most):
    target = tmp_path / "card.pdf"
    assert main(["card", routine_id, "-o", str(target)]) == 0
    data = target.read_bytes()
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= most
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", data).groups())
    assert (width, height) == pytest.approx((595, 842), abs=1)
