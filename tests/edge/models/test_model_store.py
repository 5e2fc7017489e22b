"""Which model a name or a path means, and fetching one into the store."""

import errno
import fcntl
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.model_server import MODEL_FILES, Behaviour, catalogue_of, serving, zipped

from voiceguide.core.errors import DiskError, ModelError, SettingsError
from voiceguide.edge.models import model_fetch
from voiceguide.edge.models.catalogue import KnownModel, load_catalogue
from voiceguide.edge.models.model_fetch import fetch_model
from voiceguide.edge.models.model_list import list_models
from voiceguide.edge.models.model_store import (
    DEFAULT_MODEL,
    fetched_folder,
    find_model,
    resolve_model,
)
from voiceguide.edge.models.shipped import shipped_folder

ARCHIVE = zipped()
Shelf = tuple[Behaviour, dict[str, KnownModel], Path]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A server with one model, the catalogue that knows it, and the folder for it."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    behaviour = Behaviour(ARCHIVE)
    with serving(behaviour) as address:
        yield behaviour, catalogue_of(address, ARCHIVE), tmp_path / "models"


def make_model(folder: Path, without: str = "") -> Path:
    for name, content in MODEL_FILES.items():
        path = folder / name.partition("/")[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if without:
        (folder / without).unlink()
    return folder


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# ------------------------------------------------------------------ the shipped catalogue


def test_the_shipped_catalogue_is_whole():
    catalogue = load_catalogue()
    assert catalogue[DEFAULT_MODEL].download is None
    small = catalogue["vosk-model-small-en-us-0.15"]
    assert small.download is not None
    assert small.download.size_bytes == 41_205_931
    assert all(
        model.download is None
        or (model.download.address.startswith("https://") and len(model.download.sha256) == 64)
        for model in catalogue.values()
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a]\nabout = 'x'", "model a in the list .* lacks 'address'"),
        ("['../a']\nshipped = true", "is wrong: the name"),
        ("a = 1", "model a in the list .* is wrong"),
        ("[a", "cannot read the list"),
    ],
)
def test_a_wrong_catalogue(tmp_path, text, says):
    path = tmp_path / "models.toml"
    path.write_text(text)
    with pytest.raises(ModelError, match=says):
        load_catalogue(path)


# ------------------------------------------------------------------ what a name or a path means


def test_nothing_named_is_the_shipped_model(tmp_path):
    assert resolve_model(folder=tmp_path) == shipped_folder("models") / DEFAULT_MODEL


def test_a_path_is_a_folder(tmp_path):
    assert resolve_model(str(make_model(tmp_path / "mine"))) == tmp_path / "mine"


@pytest.mark.parametrize("lacks", ["am/final.mdl", "conf/mfcc.conf", "graph/Gr.fst"])
def test_half_a_model_says_what_it_lacks(tmp_path, lacks):
    folder = make_model(tmp_path / "half", without=lacks)
    with pytest.raises(ModelError, match=f"half is not whole: {lacks} missing"):
        resolve_model(str(folder))


def test_an_empty_file_counts_as_missing(tmp_path):
    folder = make_model(tmp_path / "half")
    (folder / "am/final.mdl").write_bytes(b"")
    with pytest.raises(ModelError, match=r"am/final\.mdl missing or empty"):
        resolve_model(str(folder))


def test_a_model_with_a_fixed_graph(tmp_path):
    folder = make_model(tmp_path / "large", without="graph/HCLr.fst")
    (folder / "graph/HCLG.fst").write_bytes(b"x")
    with pytest.raises(ModelError, match="fixed graph"):
        resolve_model(str(folder))


def test_the_folder_around_a_model(tmp_path):
    make_model(tmp_path / "outer/inner")
    with pytest.raises(ModelError, match=r"give its inner folder .*outer/inner"):
        resolve_model(str(tmp_path / "outer"))


def test_a_folder_without_a_model_a_file_and_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    for name, says in (("", "is not a model"), ("file", "not a folder"), ("none", "no model fold")):
        with pytest.raises(ModelError, match=says):
            resolve_model(str(tmp_path / name))


@pytest.mark.parametrize("name", ["../x", "x\0y/z", "n/" * 3000])
def test_odd_paths_are_just_not_there(tmp_path, name):
    with pytest.raises(ModelError, match="no model folder"):
        resolve_model(name, folder=tmp_path)


def test_a_known_model_that_is_not_here(shelf):
    with pytest.raises(ModelError, match="not here yet; type: voiceguide models fetch stand-in"):
        resolve_model("stand-in", folder=shelf[2], catalogue=shelf[1])


def test_a_name_that_no_model_has(shelf):
    with pytest.raises(SettingsError, match="called 'standin'; did you mean stand-in"):
        resolve_model("standin", folder=shelf[2], catalogue=shelf[1])
    with pytest.raises(SettingsError, match="known are stand-in"):
        fetch_model("qqqq", folder=shelf[2], catalogue=shelf[1])


def test_where_fetched_models_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICEGUIDE_MODELS_DIR", str(tmp_path))
    assert fetched_folder() == tmp_path
    monkeypatch.delenv("VOICEGUIDE_MODELS_DIR")
    assert fetched_folder().parts[-2:] == ("voiceguide", "models")


# ------------------------------------------------------------------ fetching


def test_a_fetched_model_is_found_by_its_name(shelf):
    behaviour, catalogue, folder = shelf
    where = fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert where == folder / "stand-in"
    assert resolve_model("stand-in", folder=folder, catalogue=catalogue) == where
    assert (where / "README").read_bytes() == MODEL_FILES["stand-in-0.1/README"]
    assert [path.name for path in folder.iterdir() if path.suffix != ".lock"] == ["stand-in"]
    fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert len(behaviour.requests) == 1


def test_an_interrupted_fetch_leaves_no_model(shelf):
    _, catalogue, folder = shelf

    def interrupt(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_model("stand-in", folder=folder, catalogue=catalogue, on_progress=interrupt)
    assert visible(folder) == []
    assert find_model("stand-in", folder=folder) is None
    fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert visible(folder) == ["stand-in"]


def test_what_a_killed_fetch_left_is_cleared_away(shelf):
    _, catalogue, folder = shelf
    make_model(folder / ".stand-in.unpacking-abc", without="conf/model.conf")
    assert list_models(catalogue, folder=folder)[0].state == "available"
    fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert not (folder / ".stand-in.unpacking-abc").exists()


def test_a_half_model_is_replaced(shelf):
    _, catalogue, folder = shelf
    make_model(folder / "stand-in", without="am/final.mdl")
    fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert (folder / "stand-in/am/final.mdl").is_file()
    assert visible(folder) == ["stand-in"]


def test_only_one_fetches_at_a_time(shelf):
    _, catalogue, folder = shelf
    folder.mkdir()
    with (folder / ".stand-in.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ModelError, match="another voiceguide is fetching stand-in"):
            fetch_model("stand-in", folder=folder, catalogue=catalogue)
    fetch_model("stand-in", folder=folder, catalogue=catalogue)


def test_an_archive_that_holds_no_model(shelf):
    behaviour, catalogue, folder = shelf
    behaviour.content = zipped({"stand-in/README": b"x" * 1000})
    catalogue = catalogue_of(catalogue["stand-in"].download.address, behaviour.content)
    with pytest.raises(ModelError, match="is not a model"):
        fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert [path.suffix for path in folder.iterdir()] == [".lock"]


def test_a_disk_without_room_is_seen_before_the_fetch(shelf, monkeypatch):
    behaviour, catalogue, folder = shelf
    monkeypatch.setattr(
        model_fetch.shutil, "disk_usage", lambda _: SimpleNamespace(free=len(ARCHIVE))
    )
    with pytest.raises(DiskError, match="no room is left") as full:
        fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert full.value.exit_code == 1
    assert behaviour.requests == []


def test_a_disk_that_fills_while_unpacking(shelf, monkeypatch):
    _, catalogue, folder = shelf

    def fill(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(model_fetch, "unpack", fill)
    with pytest.raises(DiskError, match="no room is left"):
        fetch_model("stand-in", folder=folder, catalogue=catalogue)
    assert visible(folder) == []
    assert not list(folder.glob(".stand-in.unpacking-*"))


def test_a_folder_that_cannot_be_made(shelf, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiskError, match="cannot write in"):
        fetch_model("stand-in", folder=tmp_path / "file" / "models", catalogue=shelf[1])


# ------------------------------------------------------------------ listing


def test_the_list_tells_the_state_of_each(shelf):
    _, catalogue, folder = shelf
    make_model(folder / "mine")
    make_model(folder / "wrong", without="graph/Gr.fst")
    rows = {row.name: row for row in list_models(catalogue, folder=folder)}
    states = {name: row.state for name, row in rows.items()}
    assert states == {
        "stand-in": "available",
        "mine": "fetched",
        "wrong": "broken",
        DEFAULT_MODEL: "shipped",
    }
    assert [name for name, row in rows.items() if row.in_use] == [DEFAULT_MODEL]
    assert rows["mine"].size_bytes == sum(map(len, MODEL_FILES.values()))


def test_a_chosen_path_is_listed_too(shelf, tmp_path):
    chosen = make_model(tmp_path / "elsewhere")
    row = list_models(shelf[1], in_use=str(chosen), folder=shelf[2])[-1]
    assert (row.name, row.state, row.in_use) == (str(chosen), "fetched", True)
    shutil.rmtree(chosen)
    assert list_models(shelf[1], in_use=str(chosen), folder=shelf[2])[-1].state == "broken"


def test_the_readme_names_every_needed_file():
    readme = (shipped_folder("models") / "README.md").read_text(encoding="utf-8")
    needed = [name.partition("/")[2] for name in MODEL_FILES if "/README" not in name]
    assert [name for name in needed if name not in readme] == []


def test_the_catalogue_is_plain_toml():
    text = (shipped_folder("models") / "models.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == set(load_catalogue())
