"""The product as its image holds it, for benchmarks: static files hashed and compressed; and what its pages weigh."""

from __future__ import annotations

import gzip
import http.client
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.stage import ROOT, Stage

PARTS = ("config", "sellers", "onboarding", "templates", "static", "manage.py")
LINKS = re.compile(rb'(?:href|src)="(/static/[^"#]+)')
KB = 1024


class Browser:
    """One person's connection; it counts bytes as they were sent."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes, float]:
        """The answer, its body as sent, and the seconds to its end."""
        for last in (False, True):
            begun = time.perf_counter()
            try:
                self._connection.request("GET", path, headers={**self._headers, **headers})
                answer = self._connection.getresponse()
                return answer, answer.read(), time.perf_counter() - begun
            except (http.client.RemoteDisconnected, ConnectionError):  # the server closed it while nothing was asked
                self._connection.close()
                if last:
                    raise
        raise AssertionError("There is no third try.")


@contextmanager
def image(on: Stage) -> Iterator[Path]:
    """The product as its image holds it: copied, with static files collected, hashed and compressed."""
    with tempfile.TemporaryDirectory(prefix="plc-image-") as folder:
        for name in PARTS:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, Path(folder) / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, folder)
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        environment = {**on.environment, "STATIC_MANIFEST": "1"}
        subprocess.run(command, cwd=folder, env=environment, check=True)  # noqa: S603
        yield Path(folder)


def weight(port: int, cookie: str, path: str) -> str:
    """What a first and a later visit of a page cost, its text compressed: by the server, or by a proxy before it."""
    browser = Browser(port, cookie)
    answer, body, _ = browser.get(path)
    by_server = answer.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(body) if by_server else body
    later = len(body if by_server else gzip.compress(text, 6))
    parts = [browser.get(file.decode()) for file in sorted(set(LINKS.findall(text)))]
    kept = all("immutable" in part.headers["Cache-Control"] for part, _, _ in parts)
    first = later + sum(len(part) for _, part, _ in parts)
    again = "1 request" if kept else f"{1 + len(parts)} requests"
    raw = "" if by_server else f" ({len(text) / KB:.1f} KB without a proxy that compresses)"
    return f"first {1 + len(parts)} requests, {first / KB:.0f} KB; later {again}, {later / KB:.1f} KB{raw}"
