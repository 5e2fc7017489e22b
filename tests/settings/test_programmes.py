"""Programmes in the settings that a person cannot follow are found, and the reason is given."""

import pytest

from voiceguide.edge.files.bundled_programmes import load_bundled_programmes
from voiceguide.settings.load import load_settings
from voiceguide.settings.programmes import programme_problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('[person]\nprogramme = "four-weeks"\n[persons.anna]\nprogramme = "seven-evenings"\n', []),
        ("[persons.anna]\n", []),
        (
            '[person]\nprogramme = "four-week"\n',
            ["`person.programme`: there is no programme 'four-week'; did you mean four-weeks?"],
        ),
        (
            '[persons.anna]\nprogramme = "x"\n',
            ["`persons.anna.programme`: there is no programme 'x'; there are: four-weeks,"],
        ),
        (
            '[person]\nguest = true\nprogramme = "four-weeks"\n',
            ["`person.programme` does nothing while `person.guest` is true: a guest"],
        ),
        (
            '[journal]\nkeep = false\n[person]\nprogramme = "four-weeks"\n',
            ["`person.programme`: nothing is remembered (`journal.keep` is off), so each start is"],
        ),
    ],
)
def test_a_programme_that_cannot_be_followed_is_told_of(tmp_path, text, problems):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    found = programme_problems(load_settings(path, {}), load_bundled_programmes())
    assert [told[: len(wanted)] for told, wanted in zip(found, problems, strict=True)] == problems
