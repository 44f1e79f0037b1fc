"""A real browser, a real web server, the engine and the simulated AWS."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from onboarding.engine import gate
from onboarding.worker import EmbeddedWorker
from sellers.models import Membership, Seller, User
from sellers.models.choices import Role
from tests import factories
from tests.sandbox_process import SandboxProcess
from tests.services import missing

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Playwright's event loop runs in this thread, which Django takes for an async context."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("There is no Chromium on this machine. Install one (Debian: apt-get install chromium).")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def engineer(transactional_db: None) -> User:
    """Somebody of a new seller, who has done nothing yet."""
    seller = Seller.objects.create(slug="example-analytics", name="Example Analytics")
    user = factories.person("mara@example.com")
    Membership.objects.create(seller=seller, user=user, role=Role.ENGINEER)
    return user


@pytest.fixture
def engine(sandbox: SandboxProcess, settings: Settings, transactional_db: None) -> Iterator[SandboxProcess]:
    """The engine at work in this process, without a broker: nudges are lost, the sweep finds what is due."""
    settings.AWS_CALLS_PER_SECOND = 1000.0
    gate._lots.clear()
    over = threading.Event()
    worker = EmbeddedWorker(threads=6, sweep_seconds=0.3)
    thread = threading.Thread(target=worker.run, args=(over.is_set,), kwargs={"every": 0.1}, daemon=True)
    thread.start()
    yield sandbox
    over.set()
    thread.join(60)
    assert not thread.is_alive()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, engineer: User) -> Iterator[Open]:
    """`open_page(java_script_enabled=False, ...)`: a new window, signed in. An error on its console fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        # A violation of the content security policy is an error on the console as well.
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto("/accounts/login/")
        page.fill("[name=login]", engineer.email)
        page.fill("[name=password]", factories.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
