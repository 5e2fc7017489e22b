"""A file server on 127.0.0.1 that can misbehave, and a small stand-in for a model's archive."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

from voiceguide.edge.models.catalogue import Download, KnownModel

MODEL_FILES = {
    f"stand-in-0.1/{path}": path.encode() * 500
    for path in (
        "am/final.mdl",
        "conf/mfcc.conf",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
        "graph/phones/word_boundary.int",
        "README",
    )
}


def zipped(files: Mapping[str, bytes] = MODEL_FILES) -> bytes:
    """An archive, stored and not packed so that it has some size."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    return buffer.getvalue()


@dataclass
class Behaviour:
    """What the server sends, and how; a test changes it between requests."""

    content: bytes
    etag: str = '"first"'
    status: int = 0
    """Answer every request with this status instead, unless it is 0."""
    knows_ranges: bool = True
    hangs_up_after_bytes: int | None = None
    """Promise everything, then close the connection after this much of the body."""
    says_length: bool = True
    requests: list[dict[str, str]] = field(default_factory=list)
    """The headers of every request so far."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Serve until the block ends; gives the address of the one file."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behaviour.requests.append(dict(self.headers.items()))
            if behaviour.status:
                self.send_error(behaviour.status)
                return
            body = behaviour.content
            start = 0
            wanted = self.headers.get("Range")
            unchanged = self.headers.get("If-Range") in (None, behaviour.etag)
            if wanted and behaviour.knows_ranges and unchanged:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(body):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            else:
                self.send_response(200)
            if behaviour.says_length:
                self.send_header("Content-Length", str(len(body) - start))
            if behaviour.etag:
                self.send_header("ETag", behaviour.etag)
            self.end_headers()
            with suppress(ConnectionError):  # the client may have seen enough
                self.wfile.write(body[start:][: behaviour.hangs_up_after_bytes])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stand-in.zip"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def source_of(address: str, content: bytes) -> Download:
    """What the catalogue says of an archive with this content."""
    return Download(address, len(content), hashlib.sha256(content).hexdigest())


def catalogue_of(address: str, content: bytes) -> dict[str, KnownModel]:
    """A catalogue of one model to be fetched."""
    return {
        "stand-in": KnownModel(
            name="stand-in",
            about="a stand-in",
            language="en",
            licence="Apache-2.0",
            memory_bytes=1,
            download=source_of(address, content),
        )
    }
