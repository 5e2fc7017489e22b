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


def test_without_a_command_the_usage_is_shown(capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([])
    assert ended.value.code == 2
    assert "usage: voiceguide" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("rehears", "there is no command 'rehears'; did you mean rehearse?"),
        ("morning", "there is no command 'morning'; did you mean voiceguide run morning?"),
        ("xyzzy", "there is no command 'xyzzy'; all are listed by: voiceguide --help"),
    ],
)
def test_an_unknown_command_is_answered_with_the_one_that_was_meant(word, hint, capsys):
    with pytest.raises(SystemExit) as ended:
        main([word])
    assert ended.value.code == 2
    assert hint in capsys.readouterr().err
