"""The main story, in a browser on both sides: a question, an alarm, a nurse, and the assistant again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .people import PASSWORD, hire
from .stack import Stack, until

ALARM = "it oozes and i feel hot"
SESSION_QUESTION = re.compile(r"minoxidil.*session[^.]*\?", re.IGNORECASE | re.DOTALL)


@pytest.fixture
def widget(new_page: Callable[..., Page]) -> Page:
    """The demo page with the chat open."""
    page = new_page()
    page.goto("/")
    page.get_by_role("button", name="Chat with the clinic").click()
    expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()
    return page


@pytest.fixture
def console(new_page: Callable[..., Page], stack: Stack) -> Page:
    """The console of a nurse who has just set her password with the one-time link."""
    link, email = hire(stack, "Maya Brooks")
    page = new_page()
    page.goto(link)
    expect(page.get_by_label("E-mail")).to_have_value(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="Open cases")).to_be_visible()
    return page


def says(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Write a message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def bubbles(page: Page) -> list[str]:
    """The assistant's and the nurse's words so far."""
    return page.locator("article.row:not(.own) .bubble .text").all_inner_texts()


def test_from_a_question_to_a_nurse_and_back(widget: Page, console: Page, stack: Stack) -> None:
    log = widget.get_by_role("log")
    said_at_first = len(bubbles(widget))

    says(widget, "can I put my Rogaine on before bed?")
    until(lambda: SESSION_QUESTION.search(" ".join(bubbles(widget))), "an answer that asks when the session ended")
    answered = len(bubbles(widget))
    assert answered > said_at_first

    says(widget, ALARM)
    expect(log.get_by_text(stack.clinic.contacts.phone).or_(log.get_by_text("111")).first).to_be_visible()
    until(lambda: "today" in " ".join(bubbles(widget)[answered:]).lower(), "same-day advice")

    conversation = stack.rows("SELECT conversation_id FROM messages WHERE text = ? ORDER BY id DESC", ALARM)[0][0]
    row = console.locator(f"#row-{stack.cases(conversation)[0]['id']}, #row-{conversation}").first
    expect(row).to_be_visible()
    row.get_by_role("link").click()
    expect(console.locator("#transcript mark").first).to_be_visible()
    assert "ooz" in " ".join(console.locator("#transcript mark").all_inner_texts())
    expect(console.get_by_role("region", name="Why").locator(".sign").first).to_be_visible()

    console.get_by_role("button", name="Take over").click()
    expect(console.get_by_text("With clinician").first).to_be_visible()
    expect(log.get_by_text("Maya Brooks").first).to_be_attached()
    before = len(bubbles(widget))
    says(widget, "are you there? can I wash my hair?")
    expect(console.locator("#transcript").get_by_text("can I wash my hair?")).to_be_visible()

    console.get_by_label(re.compile("^Reply to")).fill("Hello, I am looking at it now.")
    expect(console.get_by_role("button", name="Send")).to_be_enabled()
    until(lambda: console.locator("#composer-state").get_attribute("data-newest")
          == console.locator("[name=last_seen]").input_value(), "the newest message counts as read")  # fmt: skip
    console.get_by_role("button", name="Send").click()
    expect(log.get_by_text("Hello, I am looking at it now.")).to_be_visible()
    expect(widget.get_by_role("heading", level=2)).to_contain_text("Maya Brooks")
    assert bubbles(widget)[before:] == ["Hello, I am looking at it now."], "the bot is silent while the nurse has the chat"

    console.get_by_role("button", name="Hand back").click()
    expect(widget.get_by_role("heading", level=2)).to_contain_text(stack.clinic.tone.bot_name)
    console.locator("#act-close").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("Advice given").check()
    dialog.get_by_role("button", name="Close case").click()
    expect(console.get_by_text("Closed: advice given").first).to_be_visible()

    before = len(bubbles(widget))
    says(widget, "when can I go swimming?")
    until(lambda: len(bubbles(widget)) > before, "the assistant answers again")
    (case,) = stack.cases(conversation)
    assert (case["state"], case["outcome"]) == ("closed", "advice_given")
