"""Pictures of the pages, of a demo of their own: `python -m scripts.screenshots`.

Without options every page is taken into docs/screenshots/, wide and light, and some of them narrow or dark. `--all`
takes each of them wide and narrow, light and dark, into var/screenshots/. Needs Chromium (`apt-get install chromium`).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, TimeoutError, ViewportSize, sync_playwright

from demo.parent import die_with_parent
from demo.people import PASSWORD, PEOPLE
from demo.place import free_port

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS, EVERYTHING = ROOT / "docs" / "screenshots", ROOT / "var" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
TALLEST = 2_400  # a longer page is cut: what is below shows more of the same
LIVE_SECONDS = 600.0


class Shot(NamedTuple):
    """A page: its name, whose window, its path ({live} and {stuck} are products), and the links followed from there."""

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()


class Look(NamedTuple):
    """A width and a theme."""

    name: str
    size: ViewportSize
    dark: bool


LOOKS = (
    Look("", WIDE, False),
    Look("-dark", WIDE, True),
    Look("-narrow", NARROW, False),
    Look("-narrow-dark", NARROW, True),
)
CHANGE = "main button[name=do][value=change]"
STEP = ".stepper :is(a[href$='/{0}/'], button[value='go.{0}'])"
WIZARD = ("names", "access", "regions", "network", "certificates", "buyers", "review")
SHOTS = (
    Shot("sign-in", "", "/accounts/login/"),
    Shot("home", "engineer", "/"),
    Shot("empty", "stranger", "/"),
    Shot("products", "engineer", "/products/"),
    Shot("product", "engineer", "/products/{live}/"),
    Shot("run", "engineer", "/products/{live}/run/"),
    Shot("run-failed", "engineer", "/products/{stuck}/run/"),
    Shot("item", "engineer", "/products/{live}/run/", ("#matrix a.cell.s-done >> nth=8",)),
    Shot("item-failed", "engineer", "/products/{stuck}/run/", ("#matrix a.cell.s-fail >> nth=0",)),
    Shot("dns", "engineer", "/products/{live}/dns/"),
    Shot("verification", "engineer", "/products/{live}/verification/"),
    Shot("submission", "engineer", "/products/{live}/submission/"),
    Shot("policy", "engineer", "/products/{live}/policy/"),
    Shot("take-down", "engineer", "/products/{stuck}/teardown/"),
    Shot("connections", "engineer", "/connections/"),
    Shot("connection", "engineer", "/connections/", ("main a[href*='/connections/'] >> nth=1",)),
    Shot("connection-new", "engineer", "/connections/new/"),
    Shot("drafts", "engineer", "/drafts/"),
    Shot("wizard-new", "engineer", "/", ("main button:has-text('New product')",)),
    *(Shot(f"wizard-{name}", "engineer", "/products/{live}/", (CHANGE, STEP.format(name))) for name in WIZARD),
    Shot(
        "picker",
        "engineer",
        "/products/{live}/",
        (CHANGE, STEP.format("certificates"), "main a[href*='/hosted_zone/']"),
    ),
    Shot("plan", "engineer", "/products/{live}/plan/"),
    Shot("plan-failed", "engineer", "/products/{stuck}/plan/"),
    Shot("inbox", "engineer", "/inbox/"),
    Shot("inbox-settings", "engineer", "/inbox/settings/"),
    Shot("members", "lead", "/members/"),
    Shot("overview", "admin", "/overview/"),
    Shot("desk", "reviewer", "/desk/"),
    Shot("package", "reviewer", "/desk/?show=all", ("main table a >> nth=0",)),
    Shot("records", "admin", "/admin/"),
    Shot("password", "engineer", "/accounts/password/change/"),
    Shot("two-factor", "engineer", "/accounts/two-factor/"),
    Shot("not-found", "engineer", "/nowhere/"),
)
# What the documents show besides every page, wide and light.
ALSO = (("run", "-dark"), ("wizard-network", "-dark"), ("plan", "-dark"), ("home", "-narrow"), ("run", "-narrow-dark"))


def wanted(everything: bool) -> list[tuple[Shot, Look]]:
    """The pages to take, and how."""
    if everything:
        return [(shot, look) for look in LOOKS for shot in SHOTS]
    return [(shot, look) for look in LOOKS for shot in SHOTS if not look.name or (shot.name, look.name) in ALSO]


@contextmanager
def demo() -> Iterator[str]:
    """A demo on a free port, until the end; gives its address. RuntimeError when it ends before it is there."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port)}
    command = [sys.executable, "-m", "demo"]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent()
    )
    try:
        if process.stdout is None or not any("Ctrl-C" in line for line in process.stdout):
            raise RuntimeError("The demo did not start. Try ./run demo.")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def chromium(playwright: Playwright) -> Browser:
    """The machine's Chromium. RuntimeError without one."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("There is no Chromium on this machine. Install one (Debian: apt-get install chromium).")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Camera:
    """A browser at the demo, with a window for each person and look."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._windows: dict[tuple[str, str], Page] = {}
        self._products: dict[str, str] = {}

    def wait(self) -> None:
        """Until the samples are made: one product live and one failed. TimeoutError after ten minutes."""
        page, ends = self._window("engineer", LOOKS[0]), time.monotonic() + LIVE_SECONDS
        marks = {"live": "s-done", "stuck": "s-fail"}
        while not all(page.locator(f".qcard .pill.{tone}").count() for tone in marks.values()):
            if time.monotonic() > ends:
                raise TimeoutError("The demo's samples did not come to their end within ten minutes.")
            page.wait_for_timeout(1_000)
            page.goto("/")
        for key, tone in marks.items():
            card = page.locator(".qcard", has=page.locator(f".pill.{tone}")).first
            found = re.search(r"[0-9a-f-]{36}", card.locator("h3 a").get_attribute("href") or "")
            self._products[key] = found[0] if found else ""

    def take(self, shot: Shot, look: Look) -> bytes:
        """The page as a PNG of at most 256 colors."""
        page = self._window(shot.who, look)
        page.goto(shot.path.format(**self._products))
        for link in shot.follow:
            page.locator(link).click()
        page.wait_for_load_state("networkidle")
        height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
        page.set_viewport_size(ViewportSize(width=look.size["width"], height=max(height, look.size["height"])))
        png = page.screenshot(animations="disabled")
        page.set_viewport_size(look.size)
        return small(png)

    def _window(self, who: str, look: Look) -> Page:
        if (who, look.name) not in self._windows:
            scheme: Any = "dark" if look.dark else "light"
            context = self._browser.new_context(base_url=self._url, viewport=look.size, color_scheme=scheme)
            self._windows[who, look.name] = context.new_page()
            if who:
                self._sign_in(self._windows[who, look.name], who)
        return self._windows[who, look.name]

    def _sign_in(self, page: Page, who: str) -> None:
        role = {"stranger": -1}.get(who, [person.role for person in PEOPLE].index(who) if who != "stranger" else -1)
        page.goto("/accounts/login/")
        page.fill("[name=login]", PEOPLE[role].email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)


def small(png: bytes) -> bytes:
    """A picture in at most 256 colors: a third of the bytes."""
    picture, file = Image.open(BytesIO(png)).convert("RGB"), BytesIO()
    # Without k-means a rare color takes a common one's place: a legend's red "Failed" turns orange.
    picture.quantize(256, kmeans=1, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def take(url: str, shots: Sequence[tuple[Shot, Look]], folder: Path) -> None:
    """Write the pictures into the folder, and say their sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        camera = Camera(browser, url)
        camera.wait()
        for shot, look in shots:
            file = folder / f"{shot.name}{look.name}.png"
            file.write_bytes(camera.take(shot, look))
            print(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}  {file.stat().st_size // 1024} KB")
        browser.close()


def main() -> None:
    """Make the pictures."""
    options = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    options.add_argument("--all", action="store_true", help="every page, wide and narrow, light and dark")
    options.add_argument("--only", default="", help="pages whose name contains this")
    options.add_argument("--url", default="", help="a demo that runs already")
    options.add_argument("--to", type=Path, help="the folder to write into")
    chosen = options.parse_args()
    shots = [(shot, look) for shot, look in wanted(chosen.all) if chosen.only in shot.name]
    folder = chosen.to or (EVERYTHING if chosen.all else DOCUMENTS)
    if chosen.url:
        take(chosen.url, shots, folder)
        return
    with demo() as url:
        take(url, shots, folder)


if __name__ == "__main__":
    main()
