"""The README's pictures, taken from the real thing: AFTERCARE_PICTURES=1 pytest tests/e2e/test_pictures.py"""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.settings import ROOT
from tests.doubles.telegram_people import Patient

from .conftest import PHONE
from .pages import Console, Widget, conversation_of, settle
from .people import Clerk, WebPatient, telegram_conversation
from .stack import Stack, until
from .telegram_page import telegram_page

PICTURES = ROOT / "docs" / "pictures"
WINDOW = {"width": 1280, "height": 800}

pytestmark = pytest.mark.skipif(
    os.environ.get("AFTERCARE_PICTURES") != "1", reason="docs/pictures is rewritten only with AFTERCARE_PICTURES=1"
)


def take(page: Page, name: str) -> None:
    """One picture of what is in the window."""
    settle(page)
    page.screenshot(path=PICTURES / f"{name}.png", caret="hide")


def test_pictures(new_page: Callable[..., Page], stack: Stack, chat: Patient, nurse: Clerk) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for words in (
        ("my session was two weeks ago", "I want to talk to a nurse please"),
        ("I had it done 3 days ago", "there is green pus on the needled spots and it smells"),
        ("my tongue is swelling and I can't breathe",),
        ("I had it done 5 days ago", "I have a fever of 38.7 and the shivers"),
    ):
        patient = WebPatient(stack)
        for text in words:
            patient.asks(text)
    for text in ("when can I wash my hair? it was yesterday at 3pm", "the redness is spreading down to my neck"):
        before = len(chat.texts)
        chat.sends(text)
        until(lambda before=before: len(chat.texts) > before, "an answer on Telegram")
    theirs = telegram_conversation(stack, chat.chat_id)
    nurse.does(theirs, "take-over")
    nurse.replies(theirs, "Hello, this is Ana. Can you send me a photo of it?")

    desktop, phone = Widget(new_page(WINDOW)), Widget(new_page(PHONE))
    for widget in (desktop, phone):
        widget.asks("can I put my Rogaine on before bed?")
        widget.asks("yesterday at 3pm")
    take(desktop.page, "widget-desktop")
    alarm = "it oozes and i feel hot"
    phone.asks(alarm)
    take(phone.page, "widget-phone")

    telegram = new_page(PHONE)
    telegram.set_content(telegram_page(chat, "Fern, Juniper Hair Clinic"))
    telegram.screenshot(path=PICTURES / "telegram.png", full_page=True)

    console = Console(new_page(WINDOW), stack, "Maya Brooks", role="admin")
    conversation_id = conversation_of(stack, alarm)
    expect(console.row(conversation_id)).to_be_visible()
    expect(console.page.locator("#live")).to_have_text("Live")
    take(console.page, "console-queue")
    console.row(conversation_id).click()
    expect(console.transcript.locator("mark").first).to_be_visible()
    console.presses("Take over")
    expect(console.page.locator("#act-hand-back")).to_be_visible()
    expect(console.page.locator("#live")).to_have_text("Live")
    take(console.page, "console-case")
