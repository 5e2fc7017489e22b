"""The rules and curves of ``scripts/tune_ears``, on evidence made up here."""

import json
from pathlib import Path

import pytest
from bench.ears.clips import COMMANDS, WORDS
from bench.tune.curves import report, tabulate
from bench.tune.evidence import Case, Question
from bench.tune.rules import LIMITS, PRUNED, Learnt, evidence, obeyed, votes_of, winner
from bench.tune.silence import tabulate as tabulate_silence


def question(votes: list[tuple[str | None, float]], **other: object) -> Question:
    known: dict = {
        "segment": 0,
        "seconds": 0.9,
        "written": "next",
        "snr_db": 40.0,
        "heard_seconds": 0.4,
        "frames": 30.0,
        "filler": 10.0,
        "paths": {"next": 14.0, "yes": 11.0},
        "costly": {"stop": True},
    }
    return Question(votes=votes, **(known | other))


def case(wanted: str | None, score: float, key: int = 0) -> Case:
    group = COMMANDS if wanted else WORDS
    asked = [question([("next", score)] * 4, paths={"next": 10.0 + 4 * score})]
    cost = {"all": 0.1, "votes": 0.05, "ratio": 0.02}
    return Case(group, "", wanted, None, key, 0.7, asked, 1.0, cost)


def test_the_hearings_votes_are_counted_as_the_ears_count_them() -> None:
    asked = question([("next", 0.9), ("next", 0.7), (None, 0.0), ("stop", 1.0)])
    assert winner(asked) == ("next", pytest.approx(0.4))
    assert winner(asked, (3,)) == ("stop", pytest.approx(1.0))
    assert winner(question([(None, 0.0)])) == (None, 0.0)


def test_costly_commands_and_second_looks_must_score_more() -> None:
    rule = votes_of()
    costly = question([("stop", 0.8)] * 4, written="stop")
    assert rule([costly]) == ("stop", pytest.approx(0.8 - LIMITS.costly_more))
    look = question([("next", 0.8)] * 4, written=None)
    more = LIMITS.second_look_confidence - LIMITS.confidence
    assert rule([look])[1] == pytest.approx(0.8 - more)


def test_the_second_opinion_speaks_for_or_against_what_the_hearings_wrote() -> None:
    votes: list[tuple[str | None, float]] = [("next", 0.8), ("next", 0.8), ("stop", 0.9)]
    lean = {"next": -0.3, "stop": 0.2}
    assert winner(question(votes, lean=lean)) == ("stop", pytest.approx(0.3))
    alone = question([("next", 0.8)] * 4, lean=lean)
    assert votes_of()([alone]) == ("next", pytest.approx(0.5))


def test_the_likelihood_ratio_is_over_the_filler_and_over_the_next_phrase() -> None:
    asked = question([("next", 1.0)])
    assert evidence(asked, "next") == (pytest.approx(4.0), pytest.approx(3.0))
    assert evidence(asked, "help") == (PRUNED, PRUNED)


@pytest.mark.parametrize(
    "other", [{"snr_db": 1.0}, {"heard_seconds": 3.0}, {"written": "help"}], ids=str
)
def test_what_the_ears_refuse_is_refused_here_too(other: dict) -> None:
    one = case("next", 1.0)
    one.questions = [question([("next", 1.0)] * 4, **other)]
    assert obeyed(one, votes_of()) == []


@pytest.mark.parametrize("other", [{"snr_db": 1.0}, {"written": "help"}], ids=str)
def test_what_the_second_opinion_is_sure_of_is_refused_less(other: dict) -> None:
    one = case("next", 1.0)
    one.questions = [question([("next", 1.0)] * 4, sure=frozenset({"next"}), **other)]
    assert [what for ((what, _, _),) in obeyed(one, votes_of())] == ["next"]


def test_the_table_counts_right_wrong_and_false() -> None:
    cases = [case("next", 0.9), case("help", 0.9), case("next", 0.4), case(None, 0.9)]
    table = tabulate(cases, [obeyed(one, votes_of()) for one in cases], 0.65)
    assert table["right_all"] == pytest.approx(1 / 3, abs=1e-4)
    assert table["wrong_all"] == pytest.approx(1 / 3, abs=1e-4)
    assert table["false"] == {"quiet talk": 1, "talk at 6 dB": 0, "noise": 0}
    assert table["latency_p50_p95"] == [pytest.approx(0.2), pytest.approx(0.2)]


def test_a_learnt_rule_tells_sure_from_unsure() -> None:
    cases = [case("next", 0.9, n) for n in range(40)] + [case(None, 0.2, n) for n in range(40)]
    rule = Learnt((0, 1, 2, 3), with_ratio=True).fit(cases)
    assert rule(cases[0].questions)[1] > 0.9 > 0.1 > rule(cases[-1].questions)[1]


def test_the_report_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [case("next", 0.9, n) for n in range(20)] + [case(None, 0.2, n) for n in range(20)]
    report(cases, tmp_path)
    saved = json.loads((tmp_path / "curves.json").read_text())
    assert saved["today"]["right_all"] == 1.0
    assert saved["today"]["false_all"] == 0
    assert "by 5 splits of the speakers" in capsys.readouterr().out


def test_what_silence_gains_is_counted_by_command_and_in_all() -> None:
    said = ("people", "stop", 0.15)
    heard = [(said, (True, False, 0.2)), (said, (False, True, None)), (said, (True, False, 0.3))]
    table = tabulate_silence([*heard, (("people", "next", 0.15), (False, False, None))])
    assert table[said] == {"n": 3, "right": 2, "wrong": 1, "latency_p50_p95": [0.25, 0.295]}
    assert table["people", "next", 0.15]["latency_p50_p95"] is None
    assert table["people", "(all)", 0.15]["n"] == 4
