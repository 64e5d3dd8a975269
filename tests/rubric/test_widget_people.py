"""The widget against W22 to W24 and W26 to W28 of the rubric: whose chat it is, who speaks, and how to reach them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, expect

from bot.conversation.desk_rules import HandBackReason
from bot.staff import Profile, make_sign_in_link, open_account
from tests.rubric.chat import Chat, host, until
from tests.rubric.conftest import PHONE, ServedBot
from tests.rubric.talk import Side

Pages = Callable[..., Page]
SECRET = "the portal's secret, of forty characters"
NUMBERED = [f"line {number}" for number in range(1, 101)]


@pytest.fixture
def settings() -> dict[str, Any]:
    """A portal that signs its patients in."""
    return {"rasa_timeout": 8, "identity_secret": SECRET}


def test_w22_seen_is_said_when_a_nurse_has_it_on_the_screen(new_page: Pages, bot: ServedBot) -> None:
    """The patient reads "Seen by" when a clinician has opened the case in the console, and not before."""
    house = bot.house
    chat = Chat(new_page())
    chat.asks("green pus is coming out", "heard: green pus is coming out")
    until(lambda: "Sent" in chat.states[-1], "sent", chat.page)
    house.clock.advance(timedelta(seconds=10))
    staff = house.staff("Ana Silva", title="Nurse")
    token = make_sign_in_link(house.store, house.clock, staff.id).rpartition("/")[2]
    open_account(house.store, house.clock, token, Profile("Ana Silva", "Nurse", staff.email, "correct horse battery"))
    nurse = new_page()
    nurse.goto("/console/sign-in")
    nurse.get_by_label("E-mail").fill(staff.email)
    nurse.get_by_label("Password").fill("correct horse battery")
    nurse.get_by_role("button", name="Sign in").click()
    nurse.wait_for_url(re.compile("/console/?(queue)?$"))
    assert "Seen" not in chat.states[-1], "the queue shows the case, nobody has opened it"
    nurse.goto(f"/console/conversations/{Side.of(bot, chat).thread}")
    until(lambda: "Seen by Ana Silva, Nurse" in chat.states[-1], "seen", chat.page)
    chat.page.reload()
    until(lambda: "Seen by Ana Silva, Nurse" in Chat(chat.page, goto=None, opened=False).states[-1:][0] if
          chat.open().states else False, "seen, after a reload too", chat.page)  # fmt: skip


def test_w23_history_comes_back_to_the_same_browser_only(new_page: Pages) -> None:
    """A reload brings the conversation back; another browser has nothing."""
    chat = Chat(new_page())
    chat.asks("hello")
    chat.page.reload()
    chat.open()
    expect(chat.log.get_by_text("heard: hello", exact=True)).to_be_visible()
    assert chat.texts == ["hello", "heard: hello"]
    stranger = Chat(new_page())
    expect(stranger.panel.get_by_text("Before you write")).to_be_visible()
    assert stranger.texts == []


def signed(bot: ServedBot, patient_id: str) -> str:
    expires = bot.house.clock.now() + timedelta(minutes=30)
    return jwt.encode({"sub": patient_id, "exp": expires}, SECRET, "HS256")


def test_w23_a_signed_in_patient_has_it_on_another_device_and_nobody_after_them(
    new_page: Pages, bot: ServedBot
) -> None:
    """The portal's token brings a patient's conversation anywhere; after signing out this device has none of it."""
    first = host(new_page(), more=f' data-identity="{signed(bot, "p-17")}"')
    chat = Chat(first, goto=None)
    chat.asks("about my scalp")
    elsewhere = Chat(host(new_page(PHONE), more=f' data-identity="{signed(bot, "p-17")}"'), goto=None)
    expect(elsewhere.log.get_by_text("heard: about my scalp", exact=True)).to_be_visible()
    assert "p-17" not in first.evaluate("JSON.stringify(localStorage)")
    for who in ("", f' data-identity="{signed(bot, "p-18")}"'):
        first.unroute_all()
        next_one = Chat(host(first, more=who), goto=None)
        expect(next_one.panel.get_by_text("Before you write")).to_be_visible()
        next_one.asks("mine")
        assert next_one.texts == ["mine", "heard: mine"]
    first.evaluate(
        "token => document.querySelector('aftercare-chat').setAttribute('identity', token)", signed(bot, "p-17")
    )
    expect(chat.log.get_by_text("heard: about my scalp", exact=True)).to_be_visible()
    assert chat.texts == ["about my scalp", "heard: about my scalp"]


def test_w24_older_pages_come_without_a_jump_and_readers_are_not_pulled_away(new_page: Pages, bot: ServedBot) -> None:
    """What one looks at stays where it is when older messages come above or a new one below; a pill tells of it."""
    chat = Chat(new_page())
    chat.asks("hello")
    side = Side.of(bot, chat)
    side.says(*NUMBERED)
    expect(chat.log.get_by_text("line 100", exact=True)).to_be_visible()
    chat.page.reload()
    chat.open()
    expect(chat.log.get_by_text("line 100", exact=True)).to_be_in_viewport()
    assert chat.texts == NUMBERED[70:]
    expect(chat.log).to_have_attribute("aria-live", "polite")
    seen = chat.log.get_by_text("line 72", exact=True)
    chat.log.evaluate("(log) => (log.scrollTop = 200)")
    chat.page.wait_for_timeout(100)
    chat.log.evaluate("(log) => (log.scrollTop = 150)")
    before = seen.bounding_box()["y"]
    until(lambda: len(chat.texts) == 60, "the page before", chat.page)
    assert abs(seen.bounding_box()["y"] - before) <= 1
    side.says("news")
    pill = chat.panel.get_by_role("button", name="1 new message")
    expect(pill).to_be_visible()
    assert abs(seen.bounding_box()["y"] - before) <= 1
    pill.click()
    expect(chat.log.get_by_text("news", exact=True)).to_be_in_viewport()
    expect(pill).to_have_count(0)
    while (button := chat.panel.get_by_role("button", name="Show earlier messages")).count():
        known = len(chat.texts)
        button.evaluate("(button) => button.click()")
        until(lambda known=known: len(chat.texts) > known, "earlier ones", chat.page)
    assert chat.texts == ["hello", "heard: hello", *NUMBERED, "news"]
    expect(chat.panel.get_by_text("Before you write")).to_be_attached()


def test_w26_every_bubble_names_who_speaks_and_the_bot_is_silent_for_a_nurse(new_page: Pages, bot: ServedBot) -> None:
    """Assistant or named clinician with their role, in words; the handoff is told; the bot stops while they have it."""
    chat = Chat(new_page())
    chat.asks("hello")
    side = Side.of(bot, chat)
    ana = side.joins()
    expect(chat.log.get_by_text("Ana Silva").first).to_be_visible()
    chat.says("are you there?")
    until(lambda: len(side.stored) == 2, "stored", chat.page)
    side.answers(ana, "Yes, I am")
    expect(chat.log.get_by_text("Yes, I am", exact=True)).to_be_visible()
    expect(chat.page.get_by_role("dialog", name="Ana Silva")).to_be_visible()
    names = chat.panel.locator(".scroll > article .name, .scroll > article .stack > .sr:first-child").all_inner_texts()
    name = bot.house.shared.clinic.tone.bot_name
    for said_by, wanted in zip(names, ["You", f"{name}, Automated assistant", "You", "Ana Silva, Nurse"], strict=True):
        assert said_by.replace("\n", "").startswith(wanted)
    assert chat.texts == ["hello", "heard: hello", "are you there?", "Yes, I am"]
    bot.house.services.desk.hand_back(ana, side.thread, HandBackReason.ANSWERED)
    expect(chat.page.get_by_role("dialog", name=name)).to_be_visible()


def reachable(chat: Chat) -> None:
    """A person and the emergency number are in sight."""
    expect(chat.panel.get_by_role("button", name="Talk to a person")).to_be_in_viewport(ratio=1)
    expect(chat.panel.get_by_role("link", name="Emergency 999")).to_be_in_viewport(ratio=1)


def test_w27_a_person_and_the_emergency_number_are_there_in_every_state(new_page: Pages, bot: ServedBot) -> None:
    """Fresh, talking, offline, server away, ended, tiny window; and where the chat cannot even be loaded."""
    page = new_page()
    chat = Chat(page)
    reachable(chat)
    chat.asks("hello")
    reachable(chat)
    chat.panel.get_by_role("button", name="More options").click()
    chat.panel.get_by_role("link", name="Emergency 999").click(trial=True)
    chat.panel.get_by_role("button", name="Talk to a person").click(trial=True)
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    expect(chat.panel.get_by_text("You are offline")).to_be_visible()
    reachable(chat)
    page.context.set_offline(False)
    expect(chat.panel.get_by_text("You are offline")).to_have_count(0)
    page.route("**/api/**", lambda route: route.fulfill(status=401, body="{}"))
    chat.says("still there?")
    expect(chat.panel.get_by_text("This chat has ended on this device")).to_be_visible()
    reachable(chat)
    away = new_page({"width": 320, "height": 256})
    away.route("**/api/**", lambda route: route.abort())
    lost = Chat(away)
    expect(lost.panel.get_by_text("The chat cannot be reached right now")).to_be_visible()
    reachable(lost)
    expect(lost.composer).to_be_in_viewport(ratio=1)
    broken = new_page()
    broken.route("**/aftercare-panel.js*", lambda route: route.abort())
    broken.goto("/")
    broken.locator("aftercare-chat .launcher").click()
    phone = bot.house.shared.clinic.contacts.phone
    expect(broken.get_by_role("alert").get_by_role("link", name=f"Call the clinic: {phone}")).to_be_visible()
    expect(broken.get_by_role("alert").get_by_role("link", name="In an emergency call 999")).to_be_visible()


def test_w28_what_to_expect_follows_the_hours(new_page: Pages, bot: ServedBot) -> None:
    """By day the chat says until when the team is here, at night when it opens."""
    chat = Chat(new_page())
    expect(chat.panel.get_by_text("The clinic is open now")).to_be_visible()
    expect(chat.panel.get_by_text("The team is here until 18:00")).to_be_visible()
    bot.house.clock.advance(timedelta(hours=10))
    night = Chat(new_page())
    expect(night.panel.get_by_text("The clinic is closed now")).to_be_visible()
    expect(night.panel.get_by_text(re.compile("Open again from .*09:00"))).to_be_visible()


ENGLISH = re.compile(r"\b(the|and|your|is|not|from|today|please|clinic|open|with|day|call)\b", re.IGNORECASE)


def test_a_spanish_chat_is_spanish_in_all_that_is_not_said_by_somebody(new_page: Pages, bot: ServedBot) -> None:
    """Greeting, notice, hours, the day's card, states, errors and menus are Spanish; names stay as they are."""
    page = host(new_page(), lang="es")
    chat = Chat(page, goto=None)
    expect(chat.panel.get_by_text("El equipo está aquí hasta las 18:00. Horario: lunes a viernes")).to_be_visible()
    names = (bot.house.shared.clinic.name, bot.house.shared.clinic.tone.bot_name)
    chat.asks("hola", "heard: hola")
    side = Side.of(bot, chat)
    side.treated(20)
    chat.panel.locator("summary").click()
    expect(chat.panel.locator(".today")).to_contain_text("Lavarse el pelo: desde hoy a las 16:00")
    chat.panel.get_by_role("button", name="Más opciones").click()
    said = {
        part: " ".join(chat.panel.locator(part).all_inner_texts())
        for part in (".intro", ".today", "summary", ".pop", ".head", "article.own .meta")
    }
    for name in ("aria-label", "placeholder"):
        said[name] = " ".join(
            one.get_attribute(name) or "" for one in chat.panel.locator(f":not(.scroll) > [{name}]").all()
        )
    for part, text in said.items():
        for name in names:
            text = text.replace(name, "")
        assert text.strip(), part
        assert not ENGLISH.search(text), (part, text)
    page.keyboard.press("Escape")
    chat.says("x" * 4001)
    expect(chat.panel.get_by_role("alert")).to_contain_text("Demasiado largo")
    chat.composer.fill("")
    page.route("**/api/v1/messages", lambda route: route.continue_(post_data='{"client_message_id": "12345678"}'))
    chat.says("adiós")
    expect(chat.panel.locator("article.own .problem")).to_have_text(
        "El mensaje está vacío. Escriba lo que quiera saber."
    )
