"""The run page's poll: `python -m benchmarks.poll`.

A real gunicorn (one process, eight threads, PostgreSQL) answers the live part of a product in eight regions: unchanged
(304) and changed (the whole part, which is drawn for the first who sees it and given to the others). Queries are
counted in this process through the same middleware and view, for the first who sees it; those on sessions and users are
the authentication's.
"""

from __future__ import annotations

import argparse
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import figures
from benchmarks.provision import REGIONS
from benchmarks.stage import ROOT, Stage, stage
from demo.parent import die_with_parent
from demo.place import free_port

THREADS = 8


@dataclass(frozen=True)
class Page:
    """The live part's address, the headers of who polls it, and the tag of its present version."""

    path: str
    headers: Mapping[str, str]
    tag: str

    def asked(self, *, changed: bool) -> dict[str, str]:
        """The headers of one poll: of a page that has another version, or this one."""
        return {**self.headers, **({} if changed else {"If-None-Match": self.tag})}


def lay_out(regions: int) -> tuple[Page, Callable[[dict[str, str]], Any]]:
    """A seller's engineer, a product whose run has been started, and a browser of this process."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from tests import factories

    tenant = factories.tenant()
    product = factories.product(tenant.seller, name="Polled", regions={name: {} for name in REGIONS[:regions]})
    factories.started(product, tenant.engineer)
    path = reverse("onboarding:run_live", args=[product.pk])
    browser = Client(headers={"HX-Request": "true", "Host": "127.0.0.1"})
    browser.force_login(tenant.engineer)
    first = browser.get(path)
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    page = Page(path, {"Cookie": cookie, "HX-Request": "true"}, first["ETag"])
    return page, lambda headers: browser.get(path, headers=headers)


def queries(page: Page, get: Callable[[dict[str, str]], Any], *, changed: bool) -> str:
    """How many queries one poll makes, and how many of them the authentication."""
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    caches["parts"].clear()  # the first who sees a change, for whom it is drawn
    with CaptureQueriesContext(connection) as caught:
        answer = get({} if changed else {"If-None-Match": page.tag})
    found = [one["sql"] for one in caught.captured_queries]
    auth = sum('FROM "django_session"' in sql or 'FROM "sellers_user"' in sql for sql in found)
    kind = "changed" if changed else "unchanged"
    return f"{kind}: {answer.status_code}, {len(found) - auth} queries beyond authentication ({auth})"


@contextmanager
def gunicorn(on: Stage, folder: Path = ROOT) -> Iterator[int]:
    """The web server as a container runs it, with one process, of the product in a folder; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "1"]
    command += ["--threads", str(THREADS), "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=folder, env=on.environment, preexec_fn=die_with_parent())  # noqa: S603
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The web server did not start within 30 s.")


def poll(port: int, page: Page, count: int, *, changed: bool) -> list[float]:
    """Seconds of so many polls over one kept connection. AssertionError on any other answer than the expected."""
    wanted, headers, seconds = 200 if changed else 304, page.asked(changed=changed), []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("GET", page.path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - begun)
        if answer.status != wanted:
            raise AssertionError(f"The poll answered {answer.status} and not {wanted}.")
    connection.close()
    return seconds


def many(port: int, page: Page, count: int, *, changed: bool) -> float:
    """Polls a second from eight browsers at once, which run in this process and share the machine with the server."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        done = [pool.submit(poll, port, page, count, changed=changed) for _ in range(THREADS)]
        total = sum(len(one.result()) for one in done)
    return total / (time.perf_counter() - begun)


def main() -> None:
    """Print queries, then times."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--regions", type=int, default=8)
    options.add_argument("--count", type=int, default=200, help="polls of one browser")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with stage(None) as on:
        page, get = lay_out(chosen.regions)
        print(f"{figures.load()}; a product in {chosen.regions} regions")
        for changed in (False, True):
            print(queries(page, get, changed=changed))
        with gunicorn(on) as port:
            poll(port, page, 5, changed=True)
            for _ in range(chosen.rounds):
                for changed in (False, True):
                    seconds = poll(port, page, chosen.count, changed=changed)
                    rate = many(port, page, chosen.count // 4 or 1, changed=changed)
                    kind = "changed" if changed else "unchanged"
                    print(f"{kind:<9} {figures.spread(seconds)}; {rate:.0f} a second from 8 browsers", flush=True)


if __name__ == "__main__":
    main()
