"""What can be made again lies in one folder, which a variable can name."""

from voiceguide.edge.system.folders import cache_folder
from voiceguide.edge.voice.clip_cache import default_folder


def test_every_cache_obeys_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path
    assert default_folder() == tmp_path / "speech"


def test_without_it_they_lie_in_the_users_cache(monkeypatch):
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("VOICEGUIDE_CACHE_DIR", raising=False)
        else:
            monkeypatch.setenv("VOICEGUIDE_CACHE_DIR", value)
        assert cache_folder().name == "voiceguide"
        assert default_folder() == cache_folder() / "speech"
