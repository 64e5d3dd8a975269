"""The widget against W16 to W19 and W25 of the rubric: drops, frames, tabs, and the key to the conversation."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.channels.web.tokens import BOTH, EXCHANGED, hash_of
from bot.store.tables import Outcome, WebToken
from tests.rubric.chat import Chat, until
from tests.rubric.conftest import ServedBot
from tests.rubric.talk import Side

Pages = Callable[..., Page]


@pytest.fixture
def settings() -> dict[str, Any]:
    """Frames without an origin may use the chat too."""
    return {"rasa_timeout": 8, "widget_origins": "null"}


def test_w16_what_was_missed_arrives_in_order_and_once(new_page: Pages, bot: ServedBot) -> None:
    """After more than a minute without network the messages and the clinician's coming and going are there, each once,
    without a reload."""
    page = new_page()
    page.clock.install()
    chat = Chat(page)
    chat.asks("hello")
    side = Side.of(bot, chat)
    tries: list[str] = []
    page.on("requestfailed", lambda one: tries.append(one.url) if "/events" in one.url else None)
    page.context.set_offline(True)
    expect(chat.panel.get_by_text("You are offline")).to_be_visible()
    ana = side.joins()
    side.answers(ana, "first")
    side.answers(ana, "second")
    bot.house.services.desk.close(ana, bot.house.case(side.thread).id, Outcome.ADVICE_GIVEN)
    side.says("third")
    for _ in range(8):
        known = len(tries)
        bot.house.clock.advance(timedelta(seconds=10))
        page.clock.fast_forward(10_000)
        if not known:
            until(lambda: tries, "it has tried again", page)
    assert chat.texts == ["hello", "heard: hello"]
    page.context.set_offline(False)
    expect(chat.log.get_by_text("third", exact=True)).to_be_visible()
    assert chat.texts == ["hello", "heard: hello", "first", "second", "third"]
    expect(chat.panel.get_by_text("You are offline")).to_have_count(0)
    expect(chat.panel.get_by_role("heading", level=2)).to_contain_text(bot.house.shared.clinic.tone.bot_name)
    expect(chat.log.get_by_text(re.compile("Ana Silva.*joined|now talking to.*Ana Silva"))).to_have_count(1)


def test_w16_tries_again_after_waits_that_differ(new_page: Pages) -> None:
    """A page that cannot reach the server waits longer each time, and never exactly as long as another page."""
    waits = []
    for _ in range(2):
        page = new_page()
        page.add_init_script(
            "const later = setTimeout; window.waits = []; window.setTimeout = (does, ms, ...more) => {"
            " if (ms > 400 && !Number.isInteger(ms)) { window.waits.push(ms); ms = 20; }"
            " return later(does, ms, ...more); }"
        )
        chat = Chat(page)
        chat.asks("hello")
        page.route("**/api/v1/events*", lambda route: route.abort())
        page.evaluate("dispatchEvent(new Event('offline'))")
        until(lambda page=page: page.evaluate("waits.length") > 6, "tried again", page)
        waits.append(page.evaluate("waits.slice(0, 7)"))
    for one in waits:
        assert one[4] > 2 * one[0], "longer each time"
        assert max(one) <= 30_000
    assert not set(waits[0]) & set(waits[1])


def test_w17_a_sandboxed_frame_without_storage_works_for_its_session(new_page: Pages) -> None:
    """In <iframe sandbox="allow-scripts"> the chat opens, answers and gives no exception; nothing is stored."""
    page = new_page()
    page.route(
        "**/frame",
        lambda route: route.fulfill(body='<iframe sandbox="allow-scripts" src="/" width=900 height=700></iframe>',
                                    content_type="text/html"),
    )  # fmt: skip
    page.goto("/frame")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Chat with the clinic").click()
    frame.get_by_role("textbox", name="Write a message").fill("hello")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.get_by_role("log").get_by_text("heard: hello", exact=True)).to_be_visible()


def test_w17_a_storage_that_is_full_is_as_none(new_page: Pages) -> None:
    """Where the clinic's page has filled the browser's storage, the chat lasts as long as the page."""
    page = new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    chat = Chat(page)
    chat.asks("hello")
    chat.asks("and again")
    chat.menu("End chat and clear this device")
    chat.panel.get_by_role("button", name="End and clear").click()
    expect(chat.log.get_by_text("hello", exact=True)).to_have_count(0)


def test_w18_eight_tabs_are_live_over_one_connection(new_page: Pages, bot: ServedBot) -> None:
    """Eight pages of one browser all hear what is new, though the protocol allows six connections."""
    first = new_page()
    chat = Chat(first)
    chat.asks("hello")
    streams: list[str] = []
    tabs = [new_page(beside=first) for _ in range(7)]
    for tab in tabs:
        tab.on("request", lambda one: streams.append(one.url) if "/events" in one.url else None)
    chats = [Chat(tab) for tab in tabs]
    for one in chats:
        expect(one.log.get_by_text("heard: hello", exact=True)).to_be_visible()
    Side.of(bot, chat).says("to all of you")
    for one in [chat, *chats]:
        expect(one.log.get_by_text("to all of you", exact=True)).to_be_visible()
    assert not streams
    first.close()
    chats[0].asks("and without the first?")
    expect(chats[6].log.get_by_text("heard: and without the first?", exact=True)).to_be_visible()


def test_w19_tabs_share_messages_unread_and_one_sound(new_page: Pages, bot: ServedBot) -> None:
    """What comes counts as unread in both tabs and sounds in one; no sound before it is switched on."""
    first = new_page()
    listen = "window.AudioContext = class { constructor() { window.sounds = (window.sounds || 0) + 1; throw 0; } }"
    first.context.add_init_script(listen)
    chat = Chat(first)
    chat.asks("hello")
    other = Chat(new_page(beside=first), opened=False)
    first.keyboard.press("Escape")
    side = Side.of(bot, chat)
    side.says("one")
    for one in (chat, other):
        expect(one.page.get_by_role("button", name="1 new message")).to_be_visible()
        assert not one.page.evaluate("window.sounds")
    other.open().menu("Sound for new messages")
    assert other.page.evaluate("sounds") == 1, "so that one knows how it sounds"
    other.page.keyboard.press("Escape")
    other.page.keyboard.press("Escape")
    side.says("two")
    for one in (chat, other):
        expect(one.page.get_by_role("button", name="1 new message")).to_be_visible()
    assert [one.page.evaluate("window.sounds || 0") for one in (chat, other)] == [1, 1]


def test_w25_unread_counts_what_nobody_saw_and_clears_everywhere(new_page: Pages, bot: ServedBot) -> None:
    """A badge counts what came while the chat was closed, and is gone in every tab once one of them shows it."""
    chat = Chat(new_page())
    chat.asks("hello")
    other = Chat(new_page(beside=chat.page), opened=False)
    side = Side.of(bot, chat)
    side.says("seen at once")
    expect(chat.log.get_by_text("seen at once")).to_be_visible()
    chat.page.bring_to_front()
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator(".badge")).to_have_text("")
    side.says("one", "two")
    for one in (chat, other):
        expect(one.page.locator("aftercare-chat .badge")).to_have_text("2")
    chat.open()
    for one in (chat, other):
        expect(one.page.locator("aftercare-chat .badge")).to_have_text("")


def _key_row(bot: ServedBot, token: str) -> WebToken:
    with bot.house.store.read() as session:
        return session.get_one(WebToken, hash_of(token))


def test_a_key_of_a_month_is_exchanged_unseen_in_all_tabs(new_page: Pages, bot: ServedBot) -> None:
    """The tab with the connection asks for another key; conversation, draft and the other tab go on as they were."""
    first = new_page()
    chat = Chat(first)
    chat.asks("hello")
    other = Chat(new_page(beside=first))
    other.composer.fill("half a sentence")
    before = chat.session
    month = EXCHANGED + timedelta(days=1)
    bot.house.clock.advance(month)
    first.clock.set_system_time(datetime.now(UTC) + month)  # of both tabs
    first.reload()
    chat.open()
    until(lambda: chat.session["token"] != before["token"], "another key", first)
    assert chat.session["id"] == before["id"]
    assert _key_row(bot, before["token"]).exchanged_at
    expect(chat.log.get_by_text("heard: hello", exact=True)).to_be_visible()
    expect(other.composer).to_have_value("half a sentence")
    bot.house.clock.advance(BOTH + timedelta(hours=1))  # now the old key opens nothing
    other.send_button.click()
    for one in (chat, other):
        expect(one.log.get_by_text("heard: half a sentence", exact=True)).to_be_visible()
        assert one.texts == ["hello", "heard: hello", "half a sentence", "heard: half a sentence"]
    first.reload()
    chat.open()
    expect(chat.log.get_by_text("heard: half a sentence", exact=True)).to_be_visible()


def test_a_key_that_cannot_be_exchanged_goes_on_opening_the_chat(new_page: Pages, bot: ServedBot) -> None:
    """Without an answer to that request nothing is said and nothing lost; the next connection asks again."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    before = chat.session
    asked: list[str] = []
    page.route("**/api/v1/conversations", lambda route: (asked.append(""), route.abort())[1])
    bot.house.clock.advance(EXCHANGED + timedelta(days=1))
    page.clock.set_system_time(datetime.now(UTC) + EXCHANGED + timedelta(days=1))
    page.reload()
    chat.open()
    until(lambda: asked, "it has asked", page)
    chat.asks("still there?")
    assert chat.session == before
    expect(chat.panel.locator(".strip.bad, .strip.warn")).to_have_count(0)
    page.unroute("**/api/v1/conversations")
    page.reload()
    until(lambda: chat.session["token"] != before["token"], "another key", page)
    chat.open()
    expect(chat.log.get_by_text("heard: still there?", exact=True)).to_be_visible()


def test_a_request_that_failed_beside_a_live_connection_leaves_no_alarm_standing(new_page: Pages) -> None:
    """Where deletion could not be asked for, "Try now" finds the chat in reach."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    page.route("**/api/v1/deletion", lambda route: route.fulfill(status=500, body="{}"))
    chat.menu("Have this chat deleted")
    expect(chat.panel.get_by_text("cannot be reached")).to_be_visible()
    chat.panel.get_by_role("button", name="Try now").click()
    expect(chat.panel.get_by_text("cannot be reached")).to_have_count(0)
