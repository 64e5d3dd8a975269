"""Starts the real processes once for this folder, and Chromium where a test needs it."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.processes import MODEL, RASA_PYTHON
from tests.browsers import chromium_path
from tests.doubles.bot_api import TelegramDouble
from tests.doubles.telegram_people import Patient

from .people import Clerk, WebPatient, hire
from .stack import MARKER, Stack, build

HERE = Path(__file__).parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
_chat_ids = count(7001)
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if {"chromium", "new_page"} & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Rasa, actions and bot, started once for this folder. At the end all three have to stop when asked."""
    if not RASA_PYTHON.exists():
        pytest.fail(f"{RASA_PYTHON.parent.parent} is missing: run `make setup`", pytrace=False)
    if not MODEL.exists():
        pytest.fail(f"{MODEL} is missing: run `make train`", pytrace=False)
    with TelegramDouble() as telegram:
        it = build(tmp_path_factory.mktemp("stack"), telegram)
        try:
            it.start("actions", "rasa", "bot")
            yield it
        finally:
            ended = it.stop()
        assert None not in ended.values(), f"had to be killed: {ended}"


@pytest.fixture(autouse=True)
def _still_ready(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did, afterwards the bot is ready, and no log holds the word that patients say."""
    yield
    if "stack" in request.fixturenames:
        stack: Stack = request.getfixturevalue("stack")
        assert stack.ready()
        assert MARKER not in stack.logged()


@pytest.fixture
def patient(stack: Stack) -> WebPatient:
    """A patient of this test's own, with the widget's API."""
    return WebPatient(stack)


@pytest.fixture
def chat(stack: Stack) -> Patient:
    """A patient of this test's own, on Telegram."""
    return stack.telegram.patient(next(_chat_ids))


@pytest.fixture(scope="package")
def nurse(stack: Stack) -> Clerk:
    """Nurse Ana Silva at the console, without a browser."""
    link, email = hire(stack, "Ana Silva")
    return Clerk(stack, "Ana Silva", "Nurse", link, email)


# One browser a module, not a session: while Playwright's synchronous API runs, no asyncio test could.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, headless."""
    found = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser of its own. A script error or a refused resource fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def page(viewport: dict[str, int] = DESKTOP, **options: object) -> Page:
        context = chromium.new_context(base_url=stack.url, viewport=viewport, locale="en-GB", **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
        return opened

    yield page
    for context in contexts:
        context.close()
    assert not problems, problems
