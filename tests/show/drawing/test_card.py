"""The card: every step with its picture, the words, the cautions; no script, nothing foreign."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from playwright.sync_api import sync_playwright

from voiceguide.__main__ import main
from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import Profile, When
from voiceguide.core.routine.selection import select
from voiceguide.core.timeline.beat import breaths_in
from voiceguide.core.timeline.plan import make_plan
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import bundled_routines, load_bundled, load_routine
from voiceguide.show import print_pdf
from voiceguide.show.drawing.card import WORDS, card
from voiceguide.show.drawing.fit import Paper

BOOK = load_phrasebook()


def sentence(text):
    return text[:1].upper() + text[1:]


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
def test_a_card_holds_every_step_in_order_with_its_picture_and_every_caution(routine_id):
    routine = load_routine(routine_id)
    made = card(routine, BOOK)
    text = unescape(made)
    structure = Structure(made)
    assert structure.open == []
    assert "script" not in structure.tags
    outside = re.findall(r"(?:src|href)=(?!'#)|url\((?!data:|#)|@import", made)
    assert outside == []
    steps = [step for _, step in routine.steps()]
    articles = re.findall(r"<article>(.*?)</article>", text, re.S)
    assert len(articles) == len(steps)
    for step, article in zip(steps, articles, strict=True):
        assert f"<h3>{sentence(step.name)}</h3>" in article
        assert article.startswith("<svg")
        assert all(tip in article for tip in step.tip)
        if step.stroke:
            assert f"{step.stroke.count} × {step.stroke.seconds:g} s" in article
        else:
            assert all(said in article for said in step.say)
    for section in routine.sections:
        assert sentence(section.name) in text
    for warning in routine.safety:
        assert warning in text
    for command, _ in WORDS:
        assert f"“{BOOK.of(command)[0].text}”".lower() in text.lower()


def test_what_a_stroke_warns_of_is_on_it_and_stillness_is_no_breath():
    text = unescape(card(load_routine("weekly"), BOOK))
    assert "without pressing, and be still" in text
    assert "hold 30 s" in text
    assert "Stroke up to the chin in one long line" in unescape(
        card(load_routine("serum-ritual"), BOOK)
    )
    assert "be still for" in card(load_routine("breathing"), BOOK)


@pytest.mark.parametrize("routine_id", bundled_routines())
def test_on_the_breath_counts_are_breaths(routine_id):
    routine, box = load_routine(routine_id), parse_breath("box")
    text = unescape(card(routine, BOOK, box))
    assert Structure(text).open == []
    for _, step in routine.steps():
        if step.stroke:
            assert f">{step.stroke.count} breath" in text
            assert f"{step.stroke.count} × " not in text
            assert "stroke as you breathe out (in 4 hold 4 out 4 hold 4)." in text
            assert (
                "longer breaths" in text and f"“{BOOK.of(Command.BREATHING_OFF)[0].text}”" in text
            )
        if step.hold and step.hold.path:
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
    assert "First cleanse" not in card(morning, BOOK)
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


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.skipif(print_pdf.find_browser() is None, reason="no Chromium installed")
@pytest.mark.parametrize(
    "names",  # the longest, and that which fits one page; or all of them
    [("serum-ritual", "quick"), pytest.param(tuple(load_bundled()), marks=pytest.mark.long)],
    ids=["two", "all"],
)
def test_a_printed_card_takes_the_pages_it_was_fitted_to_and_two_at_most(names):
    library = {name: load_bundled()[name] for name in names}
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=print_pdf.find_browser(), args=["--no-sandbox"]
        )
        page = browser.new_page()
        taken = {}
        for paper in Paper:
            for routine in library.values():
                page.set_content(card(routine, BOOK, paper=paper))
                page.evaluate("document.fonts.ready")
                pdf = page.pdf(prefer_css_page_size=True)
                taken[routine.id, paper] = pages_of(pdf)
                size = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
                wanted = [each / 25.4 * 72 for each in paper.size_mm]
                assert [*map(float, size)] == pytest.approx(wanted, abs=1)
        least = page.evaluate(
            """Math.min(...[...document.querySelectorAll('body *')].filter((one) =>
               !one.closest('svg') && one.textContent.trim()).map((one) =>
               parseFloat(getComputedStyle(one).fontSize)))"""
        )
        page.set_content(card(library["quick"], BOOK, large=True))
        large = page.evaluate("parseFloat(getComputedStyle(document.querySelector('h3')).fontSize)")
        browser.close()
    assert {each: taken[each] for each in taken if taken[each] > 2} == {}
    assert taken["quick", Paper.A4] == taken["quick", Paper.LETTER] == 1
    # In CSS pixels, of which a point has 4/3; the number in its disc is a little smaller.
    assert least >= 11 * 4 / 3 * 0.85 * 1.1 - 0.2
    assert large >= 16 * 4 / 3 - 0.01


def test_the_command_prints_a_pdf_of_one_page(tmp_path):
    if print_pdf.find_browser() is None:
        pytest.skip("no Chromium installed")
    target = tmp_path / "card.pdf"
    assert main(["card", "quick", "--paper", "letter", "-o", str(target)]) == 0
    assert pages_of(target.read_bytes()) == 1
