"""A served bot with Rasa's double behind it, and Chromium: what the checks of the rubric share."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.app import create_app
from tests.browsers import chromium_path
from tests.doubles.rasa import RasaDouble
from tests.house import House, Shared
from tests.rubric.ward import Ward, opened

HERE = Path(__file__).parent
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)
            if {"chromium", "new_page", "ward"} & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.browser)


@dataclass
class ServedBot:
    """A whole bot on a port of its own, served from another thread."""

    house: House
    url: str


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of the bot that differ from the defaults; a check may override this."""
    return {"rasa_timeout": 8}


@pytest.fixture
def bot(shared: Shared, rasa: RasaDouble, tmp_path: Path, settings: dict[str, Any]) -> Iterator[ServedBot]:
    """The bot, running until the check is over."""
    house = House.build(shared, tmp_path, rasa.url, **settings)
    config = uvicorn.Config(create_app(house.services), port=0, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield ServedBot(house, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    server.should_exit = True
    thread.join()


# One browser a module: while Playwright's synchronous API runs, no asyncio test could.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, headless, with the back/forward cache that Playwright switches off."""
    found = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, bot: ServedBot) -> Iterator[Callable[..., Page]]:
    """Opens pages: each a person of their own, or in the browser of `beside`. Script errors fail the check."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def page(viewport: dict[str, int] = DESKTOP, *, beside: Page | None = None, **options: Any) -> Page:
        if beside is None:
            context = chromium.new_context(base_url=bot.url, viewport=viewport, locale="en-GB", **options)
            context.set_default_timeout(30_000)
            contexts.append(context)
        else:
            context = beside.context
        opened = context.new_page()
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
        return opened

    yield page
    for context in contexts:
        context.close()
    assert not problems, problems


@pytest.fixture(scope="module")
def ward(
    shared: Shared, _rasa_server: RasaDouble, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Ward]:
    """A served bot with staff in Chromium, one for all checks of a module: each has patients of its own."""
    house = House.build(shared, tmp_path_factory.mktemp("ward"), _rasa_server.url)
    with opened(house, chromium, _rasa_server) as it:
        yield it


@pytest.fixture(autouse=True)
def _no_script_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page of the console reports a script error or refuses a resource."""
    yield
    if "ward" in request.fixturenames:
        it: Ward = request.getfixturevalue("ward")
        assert not it.problems, it.problems
