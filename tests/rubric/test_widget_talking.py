"""The widget against W16 to W31 of the rubric: what is sent and heard, by whom, and when it fails."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from bot.staff import Profile, make_sign_in_link, open_account
from bot.store.tables import Attachment, Outcome
from tests.doubles.rasa import RasaDouble, said
from tests.rubric.chat import Chat, host, until
from tests.rubric.conftest import PHONE, ServedBot
from tests.rubric.talk import Side

Pages = Callable[..., Page]
SECRET = "the portal's secret, of forty characters"
NUMBERED = [f"line {number}" for number in range(1, 101)]


@pytest.fixture
def settings() -> dict[str, Any]:
    """A portal that signs its patients in, and frames without an origin."""
    return {"rasa_timeout": 8, "identity_secret": SECRET, "widget_origins": "null"}


def test_w16_what_was_missed_arrives_in_order_and_once(new_page: Pages, bot: ServedBot) -> None:
    """After a drop, the messages and the clinician's coming and going are there, each once, without a reload."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    side = Side.of(bot, chat)
    page.context.set_offline(True)
    expect(chat.panel.get_by_text("You are offline")).to_be_visible()
    ana = side.joins()
    side.answers(ana, "first")
    side.answers(ana, "second")
    bot.house.services.desk.close(ana, bot.house.case(side.thread).id, Outcome.ADVICE_GIVEN)
    side.says("third")
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


def test_w20_what_is_written_offline_waits_in_sight_and_is_stored_once(new_page: Pages, bot: ServedBot) -> None:
    """Three messages written offline say that they wait, in order, and arrive in order, once."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    page.context.set_offline(True)
    for text in ("one", "two", "three"):
        chat.says(text)
    expect(chat.panel.locator("article.own .meta").last).to_contain_text("Waiting to be sent")
    expect(chat.panel.get_by_text("What you write is kept and sent when you are back")).to_be_visible()
    assert not Side.of(bot, chat).stored[1:]
    page.context.set_offline(False)
    expect(chat.log.get_by_text("heard: three", exact=True)).to_be_visible()
    assert [message.text for message in Side.of(bot, chat).stored] == ["hello", "one", "two", "three"]
    assert [text for text in chat.texts if not text.startswith("heard")] == ["hello", "one", "two", "three"]


def test_w21_sent_is_said_after_the_commit_and_a_retry_is_the_same_message(new_page: Pages, bot: ServedBot) -> None:
    """Sending, then sent once it is stored; an answer lost after the commit is tried again under the same id."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    side, held, ids = Side.of(bot, chat), [], []

    def lose(route: Route) -> None:
        ids.append(route.request.post_data_json["client_message_id"])
        if len(ids) == 1:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/messages", lose)
    page.route("**/api/v1/events*", lambda route: route.abort())  # nor may the stream tell
    page.evaluate("dispatchEvent(new Event('offline'))")
    chat.says("once")
    until(lambda: held, "the request is under way", page)
    assert "Sending" in chat.states[-1]
    assert not [one for one in side.stored if one.text == "once"]
    held[0].fetch()
    assert [one.text for one in side.stored] == ["hello", "once"]
    assert "Sending" in chat.states[-1], "the page cannot know yet"
    held[0].abort()
    until(lambda: "Sent" in chat.states[-1], "sent", page)
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert [one.text for one in side.stored] == ["hello", "once"]


def test_w21_what_failed_says_so_and_can_be_tried_again(new_page: Pages, bot: ServedBot) -> None:
    """After three server errors the message is "Not sent", kept, and goes under its old id when asked."""
    page = new_page()
    page.add_init_script(
        "const later = setTimeout;"
        "window.setTimeout = (does, ms, ...more) => later(does, ms < 5000 ? ms / 10 : ms, ...more)"
    )
    chat = Chat(page)
    chat.asks("hello")
    page.route("**/api/v1/messages", lambda route: route.fulfill(status=500, body="{}"))
    chat.says("please")
    expect(chat.panel.locator("article.own .meta.failed")).to_contain_text("Not sent")
    page.unroute("**/api/v1/messages")
    chat.panel.get_by_role("button", name="Try again", exact=True).click()
    expect(chat.log.get_by_text("heard: please", exact=True)).to_be_visible()
    assert [one.text for one in Side.of(bot, chat).stored] == ["hello", "please"]


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
    bot.house.services.desk.hand_back(ana, side.thread)
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
    expect(night.panel.get_by_text(re.compile("It opens .*09:00"))).to_be_visible()


def photo(**more: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 90).convert("RGB").save(out, "JPEG", **more)
    return out.getvalue()


def located() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Maker of phones"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    return photo(exif=exif)


def test_w29_photos_say_their_limits_and_lose_their_place(new_page: Pages, bot: ServedBot) -> None:
    """Limits are shown before one chooses; what is not a photo or too big is refused; where it was taken is gone."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    chat.panel.get_by_role("button", name="Add a photo").click()
    expect(chat.panel.get_by_text("JPEG, PNG, WebP or HEIC, up to 10 MB.")).to_be_visible()
    files = chat.panel.locator("input[type=file]")
    files.set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + b"0" * 26_000_000})
    expect(chat.panel.get_by_role("alert")).to_contain_text("26.0 MB; the limit is 10 MB")
    files.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"})
    expect(chat.panel.get_by_role("alert")).to_contain_text("Only photos can be sent")
    files.set_input_files({"name": "virus.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\0" * 400})
    chat.send_button.click()
    expect(chat.panel.locator("article.own .problem")).to_contain_text("Only photos can be sent")
    assert "Not sent" in chat.states[-1]
    chat.panel.get_by_role("button", name="Remove", exact=True).click()
    assert b"Maker of phones" in located()
    files.set_input_files({"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": located()})
    chat.says("is this normal?")
    until(lambda: "Sent" in chat.states[-1], "sent", page)
    with bot.house.store.read() as session:
        kept = bot.house.services.files.read(session.query(Attachment).one().stored_name)
    assert b"Maker of phones" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif().get_ifd(0x8825)


def test_w29_an_upload_can_be_cancelled_and_sent_again(new_page: Pages, bot: ServedBot) -> None:
    """Cancel gives photo and words back to the composer; they go when sent again, once."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    held: list[Route] = []
    page.route("**/api/v1/attachments", lambda route: held.append(route))
    chat.panel.locator("input[type=file]").set_input_files(
        {"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    chat.says("look")
    chat.panel.get_by_role("button", name="Cancel", exact=True).click()
    expect(chat.composer).to_have_value("look")
    expect(chat.panel.get_by_text("scalp.jpg")).to_have_count(1)
    page.unroute("**/api/v1/attachments")
    chat.send_button.click()
    until(lambda: len(chat.states) == 2 and "Sent" in chat.states[-1], "sent", page)
    assert [one.text for one in Side.of(bot, chat).stored] == ["hello", "look"]


def test_w30_files_are_for_the_team_alone(new_page: Pages, bot: ServedBot) -> None:
    """No address gives a patient's photo to a patient or a visitor; the team's one asks to sign in."""
    chat = Chat(new_page())
    chat.asks("hello")
    chat.panel.locator("input[type=file]").set_input_files(
        {"name": "s.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    chat.send_button.click()
    until(lambda: "Sent" in chat.states[-1], "sent", chat.page)
    with bot.house.store.read() as session:
        file = session.query(Attachment).one()
    owner = {"Authorization": f"Bearer {chat.session['token']}"}
    for path in (f"/console/attachments/{file.id}", f"/widget/{file.stored_name}", f"/api/v1/attachments/{file.id}"):
        for headers in (owner, {}):
            answer = httpx.get(bot.url + path, headers=headers, trust_env=False)
            assert answer.status_code in (303, 401, 404), path
            assert answer.headers.get("content-type") != "image/jpeg"
    script = httpx.get(f"{bot.url}/widget/aftercare-widget.js", trust_env=False)
    assert script.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"status": 413}, "too big"),
        ({"status": 429, "headers": {"Retry-After": "7"}}, "sent by itself in 7 s"),
        ({"status": 500}, "had a problem. Your message is kept"),
        (None, "did not answer in time. Your message is kept"),
    ],
    ids=["413", "429", "500", "timeout"],
)
def test_w31_errors_say_what_happened_what_is_kept_and_what_next(
    new_page: Pages, answer: dict[str, Any] | None, says: str
) -> None:
    """Each failure is told in words beside the message, which stays, with a button for what to do."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    if answer is None:
        page.evaluate("""() => (AbortSignal.timeout = () => {
          const one = new AbortController();
          setTimeout(() => one.abort(new DOMException("", "TimeoutError")), 300);
          return one.signal;
        })""")
    page.route("**/api/v1/messages", lambda route: route.fulfill(body="{}", **answer) if answer else None)
    chat.says("my words")
    expect(chat.panel.locator("article.own .problem")).to_contain_text(says)
    expect(chat.log.get_by_text("my words", exact=True)).to_be_visible()
    assert chat.panel.locator("article.own .rescue button").count() >= 1


def test_w31_a_refused_message_can_be_edited(new_page: Pages, rasa: RasaDouble) -> None:
    """What the server will not take goes back into the composer to be changed."""
    rasa.answers["shorter"] = said("Thank you")
    page = new_page()
    chat = Chat(page)
    page.route("**/api/v1/messages", lambda route: route.fulfill(status=413, body="{}"))
    chat.says("much too long")
    chat.panel.get_by_role("button", name="Edit", exact=True).click()
    expect(chat.composer).to_have_value("much too long")
    page.unroute("**/api/v1/messages")
    chat.asks("shorter", "Thank you")
    assert chat.texts == ["shorter", "Thank you"]
