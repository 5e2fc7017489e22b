"""Updates: what is newer by a signed list, and that nothing else is believed."""

import hashlib
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from voiceguide.__main__ import main
from voiceguide.edge.models.updates import numbers
from voiceguide.edge.voice.pack_store import shipped_packs

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen not installed (openssh-client)"
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder that is served, a key, and settings that name both."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    key = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(command, check=True)
    address = f"http://127.0.0.1:{server.server_port}"
    settings = tmp_path / "settings.toml"
    public = key.with_suffix(".pub").read_text().strip()
    settings.write_text(f'[update]\naddress = "{address}/list"\nkey = "{public}"\n')
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(settings))
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path / "voices"))
    monkeypatch.chdir(tmp_path)
    yield Site(folder, key, address)
    server.shutdown()
    thread.join()
    server.server_close()


class Site:
    def __init__(self, folder, key, address):
        self.folder, self.key, self.address = folder, key, address

    def offer(self, *entries):
        """Write and sign a list of these files."""
        text = ""
        for name, data, more in entries:
            (self.folder / name).write_bytes(data)
            sha256 = hashlib.sha256(data).hexdigest()
            text += f'["{name}"]\nabout = "new"\nlicence = "Apache-2.0"\n{more}\n'
            text += f'address = "{self.address}/{name}"\nsize_bytes = {len(data)}\n'
            text += f'sha256 = "{sha256}"\n'
        (self.folder / "list").write_text(text)
        self.sign()

    def sign(self, namespace="voiceguide"):
        path = self.folder / "list"
        path.with_suffix(".sig").unlink(missing_ok=True)
        command = [
            "ssh-keygen",
            "-q",
            "-Y",
            "sign",
            "-n",
            namespace,
            "-f",
            str(self.key),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True)


def program(version, architecture):
    return f'kind = "program"\nversion = "{version}"\narchitecture = "{architecture}"'


def test_it_tells_what_is_newer_and_brings_it(site, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    pack = shipped_packs()[0].read_bytes()
    site.offer(
        ("voiceguide_99.0-1_arm64.deb", b"deb", program("99.0", "arm64")),
        ("voiceguide_99.0-1_amd64.deb", b"deb", program("99.0", "amd64")),
        ("voiceguide_0.1-1_arm64.deb", b"old", program("0.1", "arm64")),
        ("ours.pack", pack, 'kind = "voice"'),
    )
    assert main(["update", "--check"]) == 0
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines()[:2]] == [
        "voiceguide_99.0-1_arm64.deb",
        "ours.pack",
    ]
    assert "amd64" not in told
    assert main(["update", "ours.pack"]) == 0
    assert (tmp_path / "voices" / "ours.pack").read_bytes() == pack
    assert main(["update", "voiceguide_99.0-1_arm64.deb"]) == 0
    assert (tmp_path / "voiceguide_99.0-1_arm64.deb").read_bytes() == b"deb"
    assert "sudo apt install ./voiceguide_99.0-1_arm64.deb" in capsys.readouterr().out
    assert main(["update", "--check"]) == 0
    assert "ours.pack" not in capsys.readouterr().out
    assert main(["update", "our.pack"]) == 2
    assert "ours.pack" in capsys.readouterr().err


def test_a_list_that_is_not_signed_is_not_believed(site, capsys):
    site.offer(("x.pack", b"x", 'kind = "voice"'))
    listed = site.folder / "list"
    listed.write_text(listed.read_text().replace("new", "newer"))
    assert main(["update", "--check"]) == 4
    assert "is not signed" in capsys.readouterr().err
    site.sign(namespace="mail")  # by the right key, for something else
    assert main(["update", "--check"]) == 4
    (site.folder / "list.sig").unlink()
    assert main(["update", "--check"]) == 4
    assert "cannot be fetched" in capsys.readouterr().err


def test_a_file_that_is_another_is_not_kept(site, tmp_path, capsys):
    site.offer(("x.pack", b"right", 'kind = "voice"'), ("y.pack", b"no pack", 'kind = "voice"'))
    (site.folder / "x.pack").write_bytes(b"wrong")
    assert main(["update", "x.pack"]) == 4
    assert "SHA-256" in capsys.readouterr().err
    assert main(["update", "y.pack"]) == 5
    assert not list((tmp_path / "voices").glob("*.pack"))


def test_it_is_off_until_both_are_set(tmp_path, monkeypatch, capsys):
    settings = tmp_path / "settings.toml"
    settings.write_text('[update]\naddress = "https://127.0.0.1:1/list"\n')
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(settings))
    assert main(["update", "--check"]) == 2
    assert "updates are off" in capsys.readouterr().err


def test_versions():
    assert numbers("0.10") > numbers("0.9.9")
    for wrong in ("1.0rc1", "", "1..2"):
        with pytest.raises(ValueError, match="no version"):
            numbers(wrong)
