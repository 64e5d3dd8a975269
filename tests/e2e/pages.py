"""What people do in a browser: patients on the demo page, staff in the console."""

import re

from playwright.sync_api import Locator, Page, expect

from .people import PASSWORD, hire
from .stack import Stack, until

SESSION_QUESTION = re.compile(r"session[^.]*\?", re.IGNORECASE | re.DOTALL)
STILL = """
document.fonts.status === "loaded" &&
[document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)].every((root) =>
  root.getAnimations().every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity))
"""


class Widget:
    """A patient's browser on the demo page, the chat open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.goto("/")
        page.get_by_role("button", name="Chat with the clinic").click()
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        """Where the patient writes."""
        return self.page.get_by_role("textbox", name="Write a message")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def title(self) -> Locator:
        """Who answers, in the chat's head."""
        return self.page.get_by_role("dialog").get_by_role("heading", level=2)

    @property
    def heard(self) -> list[str]:
        """What the assistant and the nurse have said, oldest first."""
        return self.page.locator("article.row:not(.own) .bubble .text").all_inner_texts()

    def says(self, text: str) -> None:
        """Write and send."""
        self.composer.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def asks(self, text: str) -> str:
        """Write, send and wait for an answer that is complete. Out: the answer."""
        before = len(self.heard)
        self.says(text)
        until(lambda: len(self.heard) > before, f"an answer to {text!r}")
        expect(self.page.locator(".typing")).to_have_count(0)
        return "\n".join(self.heard[before:])


class Console:
    """A nurse's browser, signed in with her one-time link and a password of her own."""

    def __init__(self, page: Page, stack: Stack, name: str = "Maya Brooks", role: str = "clinician") -> None:
        self.page, self.stack, self.name = page, stack, name
        link, self.email = hire(stack, name, role=role)
        page.goto(link)
        expect(page.get_by_label("E-mail")).to_have_value(self.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Save and sign in").click()
        expect(page.get_by_role("heading", name="Open cases")).to_be_visible()

    @property
    def transcript(self) -> Locator:
        """The conversation on a case's page."""
        return self.page.locator("#transcript")

    @property
    def rows(self) -> list[str]:
        """The queue, top first: the rows' ids."""
        return self.page.locator("#rows > li").evaluate_all("rows => rows.map(row => row.id)")

    def row(self, conversation_id: str) -> Locator:
        """A case in the queue, by what leads to it."""
        return self.page.locator(f"#rows a[href$='{conversation_id}']")

    def presses(self, name: str) -> None:
        """Press one of the case's buttons."""
        self.page.locator("#banner").get_by_role("button", name=name).click()

    def hands_back(self, reason: str) -> None:
        """Give the chat back to the assistant, and say why."""
        self.presses("Hand back")
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label(reason).check()
        dialog.get_by_role("button", name="Hand back").click()

    def replies(self, text: str) -> None:
        """Write to the patient, once the newest message counts as read."""
        self.page.get_by_label(re.compile("^Reply to")).fill(text)
        newest, seen = self.page.locator("#composer-state"), self.page.locator("[name=last_seen]")
        until(lambda: newest.get_attribute("data-newest") == seen.input_value(), "the newest message counts as read")
        self.page.get_by_role("button", name=re.compile("^Send")).click()

    def closes(self, outcome: str) -> None:
        """Close the case with what it turned out to be."""
        self.presses("Close case")
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label(outcome).check()
        dialog.get_by_role("button", name="Close case").click()


def conversation_of(stack: Stack, text: str) -> str:
    """The conversation in which somebody wrote exactly this, last."""
    query = "SELECT conversation_id, text FROM messages WHERE author = 'patient' ORDER BY id DESC"

    def look() -> str | None:
        return next((row["conversation_id"] for row in stack.rows(query) if row["text"] == text), None)

    return until(look, f"{text!r} is stored")


def settle(page: Page) -> None:
    """Wait until nothing moves, in the page or in the widget, and every font is there."""
    until(lambda: page.evaluate(STILL), "the page stands still")
