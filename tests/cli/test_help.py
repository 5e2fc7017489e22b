"""Every command explains itself, with an example."""

import argparse

import pytest

from voiceguide.__main__ import COMMANDS, build_parser, main


def parsers(parser, path=()):
    """Every parser that has no commands below it, with the words that lead to it."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield path, parser
    for action in below:
        for name, child in action.choices.items():
            yield from parsers(child, (*path, name))


LEAVES = dict(parsers(build_parser()))


def test_every_command_is_there():
    assert {path[0] for path in LEAVES} == set(COMMANDS)


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_help_holds_an_example_of_the_command(path):
    shown = LEAVES[path].format_help()
    assert "example" in shown
    assert f"voiceguide {' '.join(path)}" in shown.split("example", 1)[1]


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 2
    assert "usage: voiceguide" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["say", "x", "--wav", "a.wav"], "voiceguide say: there is no option '--wav'"),
        (["history", "--week", "3", "--plots", "x"],
         "voiceguide history: there is no option '--plots'; did you mean --plot?"),
        (["models", "list", "--jsn"], "list: there is no option '--jsn'; did you mean --json?"),
        (["routines", "banana"], "voiceguide routines: 'banana' is one word too many"),
        (["devices", "--json=1"], "voiceguide devices: argument --json: ignored explicit argument"),
        (["--voice", "x", "run"], "options stand behind the command, and '--voice' comes first"),
        (["-v"], "options stand behind the command"),
        (["show"], "the following arguments are required: ROUTINE"),
        (["hear", ""], "an empty name was given; name the file"),
        (["run", "--settings", " "], "argument --settings: an empty name was given"),
        (["fleet", "--seconds", "inf"], "'inf' is not a number of seconds between 0.1 and 600"),
        (["fleet", "--seconds", "nan"], "'nan' is not a number of seconds"),
        (["say", "x", "--rate", "0"], "'0' is not a number of words a minute between"),
        (["train-me", "--takes", "1e1"], "'1e1' is not a number of takes between 1 and 9"),
        (["rehearse", "quick", "--seed", "9" * 5000], "is not a number between 0 and"),
        (["rehearse", "quick", "--seed", "1.5"], "'1.5' is not a number without a fraction"),
        (["history", "--weeks", "-1"], "'-1' is not a number of weeks between 1 and 104"),
    ],
)  # fmt: skip
def test_wrong_options_are_told_in_one_sentence(words, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    shown = capsys.readouterr()
    assert told in " ".join(shown.err.split())
    assert not shown.out
    assert "usage" not in shown.err
    assert len(shown.err) < 700


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("rehears", "there is no command 'rehears'; did you mean rehearse?"),
        ("morning", "there is no command 'morning'; did you mean voiceguide run morning?"),
        ("xyzzy", "there is no command 'xyzzy'; see: voiceguide --help"),
    ],
)
def test_an_unknown_command_is_answered_with_the_one_that_was_meant(word, hint, capsys):
    with pytest.raises(SystemExit) as ended:
        main([word])
    assert ended.value.code == 2
    assert hint in capsys.readouterr().err
