"""What documents show to be typed is run by a test, or the document itself says that none does."""

import re
import shlex
from functools import cache

import pytest
from support.places import ROOT

from voiceguide.__main__ import build_parser

PARSER = build_parser()
PAGES = (
    "README.md",
    "docs/speaker.md",
    "docs/fleet.md",
    "docs/updates.md",
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("scripts/packaging/*/README.md"))),
)

FLEET = "tests/home/test_fleet_giving.py::test_a_keeper_"
GIVES = f"{FLEET}gives_a_room_a_routine_over_a_guarded_broker"
ORDERS = f"{FLEET}orders_rooms_and_forgets_them"
UPDATES = "tests/edge/models/test_updates.py::test_it_tells_what_is_newer_and_brings_it"
INSTALLER = "tests/scripts/test_install_speaker.py::test_"
STATUS = "tests/edge/service/test_status_socket.py::test_junk_at_the_socket_is_one_sentence"
RUN_BY = {
    "scripts/run": "tests/scripts/test_scripts.py::test_a_second_start_only_starts",
    "scripts/test": ".ci/run",
    "scripts/install-speaker": f"{INSTALLER}it_places_everything_and_a_second_time_changes_nothing",
    "scripts/install-speaker --dry-run": f"{INSTALLER}a_dry_run_shows_all_and_does_nothing",
    "scripts/install-speaker --uninstall": (
        f"{INSTALLER}settings_of_ones_own_survive_an_update_and_are_purged_only_when_asked"
    ),
    "scripts/packaging/raspberry_pi/make_imager_json": (
        "tests/scripts/test_packaging.py::test_imager_is_told_the_truth_of_an_image"
    ),
    "voiceguide devices": "tests/cli/test_devices_command.py::listing",
    "voiceguide doctor": "tests/cli/test_doctor_libraries.py",
    "voiceguide status": STATUS,
    "voiceguide status --json": "tests/live/test_flood.py",
    "voiceguide fleet": ("tests/home/test_fleet.py::test_it_lists_who_is_there_and_who_was"),
    "voiceguide fleet watch": ("tests/home/test_fleet.py::test_rooms_are_watched_for_prometheus"),
    "voiceguide fleet start": GIVES,
    "voiceguide fleet stop": ORDERS,
    "voiceguide fleet set": ORDERS,
    "voiceguide fleet set --all": GIVES,
    "voiceguide fleet send": GIVES,
    "voiceguide fleet send --remove": GIVES,
    "voiceguide fleet forget": ORDERS,
    "mosquitto_passwd": "tests/home/test_fleet_giving.py::guarded",
    "voiceguide update": UPDATES,
    "voiceguide update --check": UPDATES,
    "ssh-keygen -t ed25519": "tests/edge/models/test_updates.py",
    "ssh-keygen -Y sign": "tests/edge/models/test_updates.py",
}
"""By how a command begins (the longest counts): the test that runs it, or the file that does."""
NONE_RUNS = "| no test runs | because |"


@cache
def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def shown(page):
    """The commands of a page's blocks, one a line, without remarks and without who runs them."""
    found = []
    for body in re.findall(r"^```sh\n(.*?)^```", text_of(page), re.DOTALL | re.MULTILINE):
        for line in re.sub(r"\\\n\s*", "", body).splitlines():
            command = re.sub(r"(^|\s+)#.*", "", line).removeprefix("sudo ")
            if command:
                found.append(command.replace("/opt/voiceguide/.venv/bin/", ""))
    return found


def told_as_not_run(page):
    """The beginnings of commands that the page's own table names, each with a reason."""
    _, _, table = text_of(page).partition(f"{NONE_RUNS}\n|---|---|\n")
    rows = re.match(r"(?:\|.*\n?)*", table)[0].splitlines()
    beginnings = []
    for row in rows:
        commands, reason = row.strip("| ").split(" | ")
        assert reason
        beginnings += [each.rstrip(" …") for each in re.findall("`([^`]+)`", commands)]
    return beginnings


def begins(command, beginning):
    return f"{command} ".startswith(f"{beginning} ")


@pytest.mark.parametrize("page", PAGES)
def test_a_test_runs_what_is_shown_or_the_page_says_that_none_does(page):
    commands, not_run = shown(page), told_as_not_run(page)
    kinds = re.findall(r"^```([^\n]*)\n.*?^```", text_of(page), re.DOTALL | re.MULTILINE)
    assert set(kinds) <= {"sh", "toml"}
    for command in commands:
        run_by = [each for each in RUN_BY if begins(command, each)]
        named = [each for each in not_run if begins(command, each)]
        assert run_by or named, f"{page}: who runs `{command}`?"
    for each in not_run:
        assert any(begins(command, each) for command in commands), f"{page}: `{each}` is not shown"


def test_whoever_is_said_to_run_a_command_is_there_and_names_it():
    every = [command for page in PAGES for command in shown(page)]
    for command, who in RUN_BY.items():
        assert any(begins(each, command) for each in every), f"no page shows `{command}` any more"
        path, _, name = who.partition("::")
        text = text_of(path)
        if name:
            assert re.search(rf"^def {name}\(", text, re.MULTILINE), who
            _, _, text = text.partition(f"def {name}(")
        program, *words = shlex.split(command)
        words = words or [program.rpartition("/")[2]]
        assert all(word in text for word in words), f"{who} does not run `{command}`"


@pytest.mark.parametrize("page", PAGES)
def test_what_is_shown_of_the_guide_itself_is_understood(page):
    for command in shown(page):
        words = shlex.split(command)
        if words[0] == "voiceguide":
            PARSER.parse_args(words[1:])
        elif words[0].startswith("scripts/"):
            usage = text_of(words[0])
            options = [word for word in words if word.startswith("--")]
            assert all(option in usage for option in options), command
