"""The widget as a patient uses it, on whatever page it stands."""

import json
import time
from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.house import ENDLESS

SCRIPT = '<script src="/widget/aftercare-widget.js" data-api="/" data-phone="+44 20 7946 0312"{more} defer></script>'
STILL = """
[document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)].every((root) =>
  root.getAnimations().every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity))
"""
ROOT = "document.querySelector('aftercare-chat').shadowRoot"


def until(true: Callable[[], Any], what: str, page: Page | None = None) -> Any:
    """Wait for what happens elsewhere; `page`: keep its events coming meanwhile."""
    end = time.monotonic() + ENDLESS
    while not (result := true()):
        assert time.monotonic() < end, f"never: {what}"
        if page:
            page.wait_for_timeout(20)
        else:
            time.sleep(0.02)
    return result


def host(page: Page, body: str = "", *, head: str = "", more: str = "", lang: str = "en", path: str = "/host") -> Page:
    """A page of a clinic's own with the widget's one line, at an address of the bot's own origin."""
    html = f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>A clinic</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
    <body>{body}{SCRIPT.format(more=more)}</body></html>"""
    page.route(f"**{path}", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(path)
    return page


class Chat:
    """The chat on a page."""

    def __init__(self, page: Page, *, goto: str | None = "/", opened: bool = True) -> None:
        self.page = page
        if goto:
            page.goto(goto)
        if opened:
            self.open()

    def open(self) -> "Chat":
        """Open the chat with its launcher."""
        self.launcher.click()
        expect(self.composer).to_be_visible()
        return self

    @property
    def launcher(self) -> Locator:
        """The button that opens and closes it."""
        return self.page.locator("aftercare-chat .launcher")

    @property
    def panel(self) -> Locator:
        """The dialog."""
        return self.page.locator("aftercare-chat dialog")

    @property
    def composer(self) -> Locator:
        """Where the patient writes."""
        return self.panel.locator("textarea")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.panel.get_by_role("log")

    @property
    def send_button(self) -> Locator:
        """Send."""
        return self.panel.locator(".send")

    @property
    def texts(self) -> list[str]:
        """Every bubble's words, top to bottom, without the greeting."""
        return self.panel.locator(".scroll > article .text").all_inner_texts()

    @property
    def states(self) -> list[str]:
        """What is said of the delivery of each of the patient's messages."""
        return self.panel.locator("article.own .meta, article.own .stack > .sr:has(time)").all_inner_texts()

    def says(self, text: str) -> None:
        """Write and send."""
        self.composer.fill(text)
        self.send_button.click()

    def asks(self, text: str, answer: str | None = None) -> None:
        """Write, send and wait for the answer."""
        self.says(text)
        expect(self.log.get_by_text(answer or f"heard: {text}", exact=True)).to_be_visible()

    def menu(self, name: str) -> None:
        """Choose from the menu."""
        self.panel.get_by_role("button", name="More options").click()
        self.panel.get_by_role("button", name=name).click()

    @property
    def session(self) -> dict[str, str]:
        """The token and the conversation's id, as the browser keeps them."""
        found = self.page.evaluate(
            "[localStorage, sessionStorage].map((area) => Object.entries(area).find(([key]) => key.endsWith(' token')))"
            ".find(Boolean)?.[1]"
        )
        return json.loads(found)

    @property
    def focused(self) -> str:
        """What has the focus, through the shadow: a tag, with its class or name."""
        return self.page.evaluate(
            """() => { let at = document.activeElement;
            while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
            return at.className || at.localName }"""
        )


def settle(page: Page) -> None:
    """Wait until nothing moves."""
    until(lambda: page.evaluate(STILL), "the page stands still", page)


def violations(page: Page) -> list[str]:
    """All that axe finds, whatever its impact, each with where it is."""
    settle(page)
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {node['target']}" for one in found for node in one["nodes"]]
