"""Pages while fifty people watch runs: `python -m benchmarks.pages`.

One gunicorn process with eight threads, on PostgreSQL. Each person has a run page open that polls every 1.5 s, and
opens another page now and then; meanwhile items move. Printed are the times of pages and polls, how long a new state
takes to its watchers, and what a page weighs at the first and at a later visit. Fewer people: `--people 8`.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from benchmarks import figures
from benchmarks.image import Browser, image, weight
from benchmarks.poll import gunicorn
from benchmarks.provision import REGIONS
from benchmarks.stage import stage

POLL_SECONDS = 1.5
PAGE_EVERY = 7  # polls: a person opens another page about every ten seconds


@dataclass(frozen=True)
class Watched:
    """A product that people watch, and its item that moves."""

    product: UUID
    item: UUID

    @property
    def live(self) -> str:
        """The address that its run page polls."""
        return f"/products/{self.product}/run/live/"

    def pages(self) -> dict[str, str]:
        """What else its people open, by name."""
        own = ("plan", "run", "dns", "verification", "submission")
        return {
            "home": "/",
            "products": "/products/",
            "inbox": "/inbox/",
            "item": f"/items/{self.item}/",
            **{name: f"/products/{self.product}/{name}/" for name in own},
        }


@dataclass
class Seen:
    """Seconds, from all people: pages by name, polls by their status, and from a move's commit to its watchers."""

    pages: dict[str, list[float]] = field(default_factory=dict)
    polls: dict[int, list[float]] = field(default_factory=lambda: {200: [], 304: []})
    news: list[float] = field(default_factory=list)


class Moves:
    """Items move one after the other, each on its own product; remembered is when each version was committed."""

    def __init__(self, watched: Sequence[Watched], every: float) -> None:
        self._watched, self._every = watched, every
        self._committed: dict[UUID, list[tuple[int, float]]] = {one.product: [] for one in watched}

    def run(self, over: threading.Event) -> None:
        """Move until it is over, as a worker does: claimed, moved, committed."""
        from onboarding.models import Item, Progress
        from tests import factories

        number = 0
        while not over.wait(self._every):
            one = self._watched[number % len(self._watched)]
            number += 1
            item = Item.objects.get(pk=one.item)
            factories.moved(item, "waiting", waiting_for="aws", sentence=f"Looked {number} times.", next_in=900)
            now = time.perf_counter()
            version = Progress.objects.values_list("version", flat=True).get(product=one.product)
            self._committed[one.product].append((version, now))

    def since(self, product: UUID, before: int, version: int) -> list[float]:
        """Seconds since the commits of the versions that are new to a watcher."""
        now = time.perf_counter()
        return [now - at for number, at in list(self._committed[product]) if before < number <= version]


class Person:
    """Somebody who watches a run, and opens another page now and then."""

    def __init__(self, browser: Browser, watched: Watched, seed: int) -> None:
        self._browser, self._watched, self._chance = browser, watched, random.Random(seed)  # noqa: S311

    def watch(self, seen: Seen, moves: Moves, seconds: float) -> None:
        """Poll and browse for so long. AssertionError on an answer that is not expected."""
        time.sleep(self._chance.uniform(0, POLL_SECONDS))
        ends, due, tag, count = time.monotonic() + seconds, time.monotonic(), "", self._chance.randrange(PAGE_EVERY)
        while time.monotonic() < ends:
            tag = self._poll(seen, moves, tag)
            count += 1
            if count % PAGE_EVERY == 0:
                name, path = self._chance.choice(list(self._watched.pages().items()))
                answer, _, took = self._browser.get(path)
                assert answer.status == 200, f"{path} answered {answer.status}"  # noqa: S101
                seen.pages.setdefault(name, []).append(took)
            due += POLL_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))

    def _poll(self, seen: Seen, moves: Moves, tag: str) -> str:
        answer, _, took = self._browser.get(self._watched.live, **{"HX-Request": "true", "If-None-Match": tag})
        new = answer.headers["ETag"].removeprefix("W/")  # weak, since it is compressed
        seen.polls[answer.status].append(took)
        if answer.status == 200 and tag:
            seen.news.extend(moves.since(self._watched.product, _version(tag), _version(new)))
        return new


def _version(tag: str) -> int:
    return int(tag.strip('"').partition("-")[0])


def lay_out(people: int, products: int, others: int, regions: int) -> tuple[list[Watched], list[str]]:
    """Products that run, so many others beside them, and the cookies of so many signed-in people of one seller."""
    from django.conf import settings
    from django.test import Client

    from sellers.models import Membership, User
    from sellers.models.choices import Role
    from tests import factories
    from tests.bulk_products import copies

    tenant = factories.tenant()
    wanted: dict[str, Any] = {name: {} for name in REGIONS[:regions]}
    watched, cookies = [], []
    for number in range(products):
        product = factories.product(
            tenant.seller, name=f"Watched {number}", regions=wanted, facts=factories.MARKETPLACE
        )
        factories.started(product, tenant.engineer)
        watched.append(Watched(product.pk, factories.item(product, "access").pk))
    copies(product, others)
    for number in range(people):
        user = User.objects.create(email=f"person{number}@example.com", name=f"Person {number}")
        Membership.objects.create(seller=tenant.seller, user=user, role=Role.ENGINEER)
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        if number < products:  # as whoever started its run had done
            client.get(watched[number].pages()["plan"])
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    return watched, cookies


def watch(port: int, watched: Sequence[Watched], cookies: Sequence[str], seconds: float, every: float) -> Seen:
    """All people at once, beside the moves."""
    sys.setswitchinterval(0.0005)  # people do not wait for each other's browsers
    seen, moves, over = Seen(), Moves(watched, every), threading.Event()
    people = [
        Person(Browser(port, cookie), watched[number % len(watched)], number) for number, cookie in enumerate(cookies)
    ]
    mover = threading.Thread(target=moves.run, args=(over,), daemon=True)
    mover.start()
    with ThreadPoolExecutor(len(people)) as pool:
        done = [pool.submit(person.watch, seen, moves, seconds) for person in people]
        with contextlib.ExitStack() as last:
            last.callback(over.set)
            for one in done:
                one.result()
    mover.join(30)
    return seen


def told(seen: Seen) -> Iterator[str]:
    """The lines of one round."""
    for name, seconds in sorted(seen.pages.items()):
        yield f"page {name:<13} {figures.spread(seconds)} ({len(seconds)})"
    pages = [one for seconds in seen.pages.values() for one in seconds]
    rows = (("all pages", pages), ("unchanged poll", seen.polls[304]), ("changed poll", seen.polls[200]))
    for name, seconds in rows:
        if seconds:
            yield f"{name:<18} {figures.spread(seconds)} ({len(seconds)})"
    if seen.news:
        most = max(seen.news) * 1000
        yield f"{'new state seen':<18} {figures.spread(seen.news)}, at most {most:.0f} ms ({len(seen.news)})"


def main() -> None:
    """Print weights, then times."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--products", type=int, default=10, help="that are watched")
    options.add_argument("--others", type=int, default=1_000, help="products beside them")
    options.add_argument("--regions", type=int, default=8)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--every", type=float, default=0.5, help="seconds between two moves")
    chosen = options.parse_args()
    with stage(None) as on:
        watched, cookies = lay_out(chosen.people, chosen.products, chosen.others, chosen.regions)
        print(
            f"{figures.load()}; {chosen.people} people watch {chosen.products} products in {chosen.regions} regions, "
            f"beside {chosen.others} others",
            flush=True,
        )
        with image(on) as folder, gunicorn(on, folder) as port:
            for name, path in watched[0].pages().items():
                print(f"weight {name:<11} {weight(port, cookies[0], path)}", flush=True)
            for line in told(watch(port, watched, cookies, chosen.seconds, chosen.every)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
