"""A local stand-in of the hub's HTTP API, as huggingface_hub asks it by HF_ENDPOINT: files, revisions, commits, parts of files."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def commit_of(revision: str) -> str:
    """40 hexadecimal digits, as git has them."""
    return hashlib.sha1(revision.encode()).hexdigest()


class HubStandIn(ThreadingHTTPServer):
    """revisions: of every repository (`owner/name`), by tag, the folder that it serves; `main` is the last one, and all have their commits.

    requests: (method, path, Range) in the order that they came. stalls_after: bytes of `model.safetensors` after which no more come; None:
    all come.
    """

    def __init__(self, revisions: dict[str, dict[str, Path]]):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.revisions = revisions
        self.requests: list[tuple[str, str, str | None]] = []
        self.stalls_after: int | None = None
        self.has_stalled, self.is_over = threading.Event(), threading.Event()

    @property
    def environment(self) -> dict[str, str]:
        return {"HF_ENDPOINT": f"http://127.0.0.1:{self.server_port}", "HF_HUB_DOWNLOAD_TIMEOUT": "5", "HF_HUB_ETAG_TIMEOUT": "5"}

    def bodies_of(self, name: str) -> list[str | None]:
        """The Range of each request that asked for the content of a file; None for all of it."""
        return [part for method, path, part in self.requests if method == "GET" and path.endswith(f"/{name}")]

    def sends_headers(self, repository: str) -> bool:
        """Whether a request for this repository is answered at all; if not, its connection ends."""
        return True

    def body_of(self, repository: str, name: str, content: bytes) -> bytes:
        """What is sent of a file; the headers are those of `content`."""
        return content

    def folder_of(self, repository: str, asked: str) -> tuple[Path, str] | None:
        """What `asked`, a tag, `main` or a commit, is, with its commit."""
        tags = self.revisions.get(repository, {})
        names = {**{tag: tag for tag in tags}, **{commit_of(tag): tag for tag in tags}, "main": next(reversed(tags), "")}
        tag = names.get(asked)
        return (tags[tag], commit_of(tag)) if tag else None


class _Answer(BaseHTTPRequestHandler):
    server: HubStandIn

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, with_body: bool) -> None:
        self.server.requests.append((self.command, self.path, self.headers.get("Range")))
        asked = re.fullmatch(r"/(?P<repository>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)", self.path)
        if asked is None or asked["repository"] not in self.server.revisions:
            self.refuse("RepoNotFound")
            return
        if not self.server.sends_headers(asked["repository"]):
            self.connection.close()
            return
        found = self.server.folder_of(asked["repository"], asked["revision"])
        if found is None:
            self.refuse("RevisionNotFound")
            return
        folder, commit = found
        if not (folder / asked["name"]).is_file():
            self.refuse("EntryNotFound", commit)
            return
        content = (folder / asked["name"]).read_bytes()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        start = int(wanted[1]) if wanted else 0
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", commit)
        self.end_headers()
        if not with_body:
            return
        if self.server.stalls_after is not None and asked["name"] == "model.safetensors":
            self.wfile.write(content[start : self.server.stalls_after])
            self.wfile.flush()
            self.server.has_stalled.set()
            self.server.is_over.wait()
            return
        self.wfile.write(self.server.body_of(asked["repository"], asked["name"], content)[start:])

    def refuse(self, code: str, commit: str | None = None) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        if commit is not None:
            self.send_header("X-Repo-Commit", commit)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(revisions: dict[str, dict[str, Path]], kind: type[HubStandIn] = HubStandIn) -> Iterator[HubStandIn]:
    with kind(revisions) as hub:
        threading.Thread(target=hub.serve_forever, daemon=True).start()
        try:
            yield hub
        finally:
            hub.is_over.set()
            hub.shutdown()
