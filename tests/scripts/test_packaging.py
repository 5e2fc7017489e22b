"""The files that make an image, a Home Assistant app and a container, as far as reading goes."""

import hashlib
import json
import lzma
import re
import runpy
import shutil
import subprocess
import sys

import pytest
import yaml
from support.places import ROOT

from voiceguide import __version__
from voiceguide.settings.load import load_settings

PACKAGING = ROOT / "scripts/packaging"
APP = PACKAGING / "home_assistant/voiceguide"
APP_KEYS = {
    "name", "version", "slug", "description", "url", "arch", "init", "startup", "boot", "audio",
    "ingress", "ingress_port", "ingress_stream", "panel_icon", "panel_title", "services",
    "options", "schema",
}  # fmt: skip
"""Of those that Home Assistant's documentation of apps has."""


IMAGER_KEYS = {
    "name", "description", "icon", "url", "extract_size", "extract_sha256", "image_download_size",
    "release_date",
}  # fmt: skip
"""That the schema of Raspberry Pi Imager's list requires."""
APP_TYPE = re.compile(
    r"(bool|email|url|port|(str|password|int)(\(\d*,\d*\))?|float(\([\d.]*,[\d.]*\))?"
    r"|match\(.*\)|list\(.+\))\??"
)
"""The type of an option as Home Assistant's supervisor reads it: no bound may be negative."""


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_options_of_the_app_are_settings():
    config = read(APP / "config.yaml")
    assert config.keys() <= APP_KEYS
    assert set(config["arch"]) == {"amd64", "aarch64"}
    assert config["version"] == __version__
    schema = config["schema"]
    for kind in schema.values():
        assert APP_TYPE.fullmatch(kind[0] if isinstance(kind, list) else kind), kind
    required = {key for key, value in schema.items() if not str(value).endswith("?")}
    assert config["options"].keys() == required
    assert read(APP / "translations/en.yaml")["configuration"].keys() == schema.keys()
    run = runpy.run_path(str(APP / "run.py"))
    assert run["KEYS"].keys() == schema.keys()
    broker = {
        "host": "core-mosquitto",
        "port": 1883,
        "ssl": False,
        "username": "a",
        "password": "b",
    }
    options = config["options"] | {"skin": ["sensitive", "acne"], "id": "bath"}
    told = load_settings(None, run["variables"](options, broker))
    assert [str(each) for each in told.person.skin] == ["sensitive", "acne"]
    assert told.sound.night_gain_db == -9
    assert told.page.names == ("homeassistant.local",)
    assert (told.mqtt.broker, told.mqtt.port, told.mqtt.id) == ("core-mosquitto", 1883, "bath")
    assert load_settings(None, run["variables"](config["options"], None)).mqtt.broker is None
    assert str(config["ingress_port"]) in (APP / "run.py").read_text(encoding="utf-8")


def test_the_repository_of_the_app_has_its_keys():
    assert read(PACKAGING / "home_assistant/repository.yaml").keys() == {
        "name",
        "url",
        "maintainer",
    }


def test_imager_is_told_the_truth_of_an_image(tmp_path):
    image = tmp_path / "image.img.xz"
    image.write_bytes(lzma.compress(b"\0" * 3_000_000))
    command = [sys.executable, PACKAGING / "raspberry_pi/make_imager_json", image, "https://a.b/"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    (told,) = json.loads(done.stdout)["os_list"]
    assert told["url"] == "https://a.b/image.img.xz"
    assert told["extract_size"] == 3_000_000
    assert told["extract_sha256"] == hashlib.sha256(b"\0" * 3_000_000).hexdigest()
    assert told["image_download_size"] == image.stat().st_size
    assert told.keys() >= IMAGER_KEYS
    assert told["init_format"] == "cloudinit-rpi"  # as its system has it (RELEASE=trixie)
    assert "RELEASE=trixie" in (PACKAGING / "raspberry_pi/config").read_text(encoding="utf-8")
    assert told["image_download_sha256"] == hashlib.sha256(image.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["prerun.sh", "00-install/00-run.sh"])
def test_a_stage_of_the_image_is_sound(name):
    script = PACKAGING / "raspberry_pi/stage-voiceguide" / name
    bash = shutil.which("bash") or "bash"
    assert subprocess.run([bash, "-n", script], capture_output=True, text=True).stderr == ""


def test_the_container_s_folders_are_its_user_s():
    """It runs as whatever user the sound server lets in, who owns the volume and nothing else."""
    text = (PACKAGING / "container/Containerfile").read_text(encoding="utf-8")
    variables = dict(re.findall(r"(\w+)=(\S+)", re.search(r"ENV ((?:.*\\\n)*.*)", text)[1]))
    (volume,) = re.findall(r"VOLUME (\S+)", text)
    for name in ("HOME", "XDG_CACHE_HOME", "VOICEGUIDE_JOURNAL_FOLDER"):
        assert variables[name].startswith(volume), name


def test_every_copied_file_is_there():
    for recipe in (PACKAGING / "container/Containerfile", APP / "Dockerfile"):
        copied = [
            line.split()[1]
            for line in recipe.read_text(encoding="utf-8").splitlines()
            if line.startswith("COPY") and ".deb" not in line
        ]
        assert copied
        assert all((recipe.parent / name).is_file() for name in copied)
