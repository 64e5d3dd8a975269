"""The widget against W20, W21 and W29 to W31 of the rubric: what patients send, with photos, and when it fails."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from bot.store.tables import Attachment
from tests.doubles.rasa import RasaDouble, said
from tests.rubric.chat import Chat, host, until
from tests.rubric.conftest import ServedBot
from tests.rubric.photos import located, photo
from tests.rubric.talk import Side

Pages = Callable[..., Page]


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


def test_words_wait_for_no_photo(new_page: Pages, bot: ServedBot) -> None:
    """What is written while a photo is on its way, or waits for another try, goes first; the photo follows, once."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    side = Side.of(bot, chat)
    held: list[Route] = []
    page.route("**/api/v1/attachments", lambda route: held.append(route) if len(held) < 2 else route.continue_())
    chat.panel.locator("input[type=file]").set_input_files(
        {"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    chat.says("look")
    until(lambda: held, "the upload has begun", page)
    chat.asks("my face swells")
    until(lambda: len(held) == 2, "the upload has begun anew", page)
    held[1].abort()
    chat.asks("and it itches")
    until(lambda: sum("Sent" in one for one in chat.states) == 4, "all is sent", page)
    assert [one.text for one in side.stored] == ["hello", "my face swells", "and it itches", "look"]


def test_a_first_photo_holds_up_no_words(new_page: Pages, bot: ServedBot) -> None:
    """Also while the conversation of a photo is still being opened."""
    page = new_page()
    opening: list[Route] = []
    page.route("**/api/v1/conversations", lambda route: opening.append(route))
    chat = Chat(page)
    chat.panel.locator("input[type=file]").set_input_files(
        {"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    chat.says("look")
    until(lambda: opening, "the conversation is being opened", page)
    chat.says("my face swells")
    opening[0].continue_()
    until(lambda: sum("Sent" in one for one in chat.states) == 2, "both are sent", page)
    assert [one.text for one in Side.of(bot, chat).stored] == ["my face swells", "look"]


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


STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"


def test_w30_a_clinician_s_files_reach_their_patient_alone(new_page: Pages, bot: ServedBot) -> None:
    """A photo is shown without any address of it in the page, under a policy that allows no pictures, and is saved
    with the keyboard; another file is saved; what cannot be fetched says so and is tried again."""
    page = new_page()
    head = f'<meta http-equiv="Content-Security-Policy" content="{STRICT}">'
    chat = Chat(host(page, head=head), goto=None)
    chat.asks("hello")
    side, picture, sheet = Side.of(bot, chat), photo(), b"%PDF-1.4 how to wash"
    page.route("**/api/v1/attachments/*", lambda route: route.abort())
    ana = side.joins()
    side.answers(ana, "Like this", picture)
    file = chat.log.get_by_role("button", name="Photo from Ana Silva, Nurse. Save a copy")
    expect(file).to_contain_text("Could not be fetched")
    page.unroute("**/api/v1/attachments/*")
    with page.expect_download() as saving:
        file.press("Enter")
    assert Image.open(saving.value.path()).size == (400, 300)
    expect(file.locator("canvas")).to_be_visible()
    assert file.locator("canvas").evaluate("(box) => [box.width, box.height]") == [400, 300]
    side.answers(ana, "", sheet)
    with page.expect_download() as saving:
        chat.log.get_by_role("button", name="Document from Ana Silva, Nurse. Save a copy").click()
    assert saving.value.path().read_bytes() == sheet
    assert page.locator("aftercare-chat img, aftercare-chat [src]").count() == 0


def test_a_clinician_s_file_may_take_its_time(new_page: Pages, bot: ServedBot) -> None:
    """Ten megabytes on a slow phone take minutes, and are waited for."""
    page = new_page()
    page.add_init_script("const real = AbortSignal.timeout; AbortSignal.timeout = (ms) => real(ms / 20)")
    chat = Chat(page)
    chat.asks("hello")
    side, sheet = Side.of(bot, chat), b"%PDF-1.4 how to wash"
    page.route("**/api/v1/attachments/*", lambda route: (page.wait_for_timeout(2000), route.continue_())[1])
    side.answers(side.joins(), "", sheet)
    with page.expect_download() as saving:
        chat.log.get_by_role("button", name="Document from Ana Silva, Nurse. Save a copy").click()
    assert saving.value.path().read_bytes() == sheet
