"""What is written and sent beside the transcript, and what the patient hears of being read, checked in Chromium."""

import base64
import re
from pathlib import Path

from playwright.sync_api import Route, expect

from bot.console.console import STATIC
from bot.store.tables import Author, Message
from tests.rubric.test_console_case import at_once, draft_of, take_over, violations
from tests.rubric.test_console_pictures import png
from tests.rubric.ward import URGENT, Ward, until

TYPING = """{
  window.typing = 0;
  const text = document.getElementById("reply-text");
  setInterval(() => { typing += 1; text.value += "x"; text.dispatchEvent(new Event("input")); }, 150);
}"""
PASTED = """{
  const given = new DataTransfer();
  given.items.add(new File(["%PDF-1.7 pasted"], "pasted.pdf", { type: "application/pdf" }));
  document.getElementById("reply-text").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""

PHOTO = """encoded => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], "late.png", { type: "image/png" }));
  document.getElementById("reply-text").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""
SENT_AT_ONCE = f"encoded => {{ ({PHOTO})(encoded); document.getElementById('composer').requestSubmit(); }}"


def test_c12_a_draft_is_kept_while_somebody_writes_on_without_a_pause(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Fast Fay")
    page = nurse.opens(conversation)
    page.evaluate(TYPING)
    until(lambda: draft_of(ward, nurse, conversation), "kept although no key was the last")
    written = page.evaluate("typing")
    until(lambda: page.evaluate("typing") > written, "and it is typed on")
    limits = [int(one) for one in re.findall(r"const (?:PAUSE|LONGEST) = (\d+)", (STATIC / "drafting.js").read_text())]
    assert len(limits) == 2
    assert max(limits) < 2000


def test_w22_seen_is_only_what_was_on_the_screen(ward: Ward) -> None:
    conversation = ward.patient(*[f"line {number}, there is pus" for number in range(30)])
    messages = [one.id for one in ward.house.messages(conversation, Author.PATIENT)]
    nurse = ward.nurse("Seeing Sia")
    page = nurse.opens(f"{conversation}#m{messages[3]}")

    def seen() -> int:
        told = [one.data["message_id"] for one in ward.house.events("seen") if one.conversation_id == conversation]
        return max(told, default=0)

    until(seen, "what is on the screen is seen")
    assert messages[3] <= seen() < messages[-1]
    page.locator(f"#m{messages[-1]}").scroll_into_view_if_needed()
    until(lambda: seen() == messages[-1], "scrolled to")
    page.locator("#transcript").evaluate("one => one.scrollTop = 0")
    below = ward.writes(conversation, "and this stands below the window")
    expect(page.locator(f"#m{below}")).to_be_attached()
    page.locator("#newer").wait_for()
    page.wait_for_timeout(1500)  # longer than a message has to be in sight
    assert seen() == messages[-1]
    page.locator("#newer").click()
    until(lambda: seen() == below, "scrolled to as well")


def test_a_photo_is_added_to_a_reply_and_shown_again(ward: Ward, tmp_path: Path) -> None:
    photo, sheet, odd = tmp_path / "crown.png", tmp_path / "sheet.pdf", tmp_path / "odd.exe"
    photo.write_bytes(png(170, 70, 60))
    sheet.write_bytes(b"%PDF-1.7 sheet")
    odd.write_bytes(b"MZ" + b"\0" * 60)
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Photo Phil")
    page = nurse.opens(conversation)
    # Choosers are handed over from here on: asked for with the key press, that can reach the page after the key does.
    page.on("filechooser", lambda _: None)
    at_once(nurse)
    take_over(nurse)
    added = page.locator("#added li")
    page.locator("#add-file").focus()
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files([photo, sheet])
    expect(added).to_have_count(2)
    page.locator("#file").set_input_files(odd)
    expect(page.locator("#composer-error")).to_contain_text("odd.exe: Patients can get photos")
    page.evaluate(PASTED)
    expect(added).to_have_count(3)
    expect(added.locator("canvas:not([hidden])")).to_have_count(1)
    expect(page.locator("#send")).to_be_enabled()
    assert not violations(page)
    page.get_by_role("button", name="Remove sheet.pdf").click()
    expect(added).to_have_count(2)
    expect(page.locator("#said")).to_contain_text("sheet.pdf is removed")
    page.locator("#reply-text").fill("Like this one.")
    page.keyboard.press("Control+Enter")
    expect(added).to_have_count(0)
    [sent] = ward.house.messages(conversation, Author.CLINICIAN)
    with ward.house.store.read() as session:
        kinds = [one.content_type for one in session.get_one(Message, sent.id).attachments]
    assert kinds == ["image/png", "application/pdf"]
    shown = page.locator(f"#m{sent.id} .photo img")
    shown.scroll_into_view_if_needed()
    until(lambda: page.wait_for_timeout(50) or shown.evaluate("one => one.naturalWidth"), "the preview is shown")
    expect(page.locator("#audit")).to_contain_text("with 2 files")


def files_of(ward: Ward, conversation: str) -> list[int]:
    """How many files each reply has."""
    with ward.house.store.read() as session:
        query = session.query(Message).filter_by(conversation_id=conversation, author=Author.CLINICIAN)
        return [len(one.attachments) for one in query.order_by(Message.id)]


def test_a_reply_waits_for_the_photo_that_was_pasted_just_before_it_was_sent(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Hasty Hal")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    page.locator("#reply-text").fill("Like this one.")
    held: list[Route] = []
    page.route("**/files", lambda route: held.append(route))
    page.evaluate(SENT_AT_ONCE, base64.b64encode(png(170, 70, 60)).decode())
    expect(page.locator("#send")).to_contain_text("Waiting for the file")
    expect(page.locator("#undo")).to_be_visible()
    until(lambda: page.wait_for_timeout(20) or held, "the photo is on its way")
    assert ward.heard(conversation) == []
    held[0].continue_()
    expect(page.locator("#reply-text")).to_have_value("")
    assert ward.heard(conversation) == ["Like this one."]
    assert files_of(ward, conversation) == [1]


def test_a_reply_whose_photo_cannot_be_added_is_not_sent_without_it(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Failing Fred")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    page.locator("#reply-text").fill("Like this one.")
    page.evaluate(SENT_AT_ONCE, base64.b64encode(b"no picture at all").decode())
    expect(page.locator("#composer-error")).to_contain_text("late.png: Patients can get photos")
    page.wait_for_timeout(500)
    expect(page.locator("#reply-text")).to_have_value("Like this one.")
    assert ward.heard(conversation) == []
    page.evaluate("localStorage.removeItem('aftercare.undo')")
    page.locator("#send").click()
    expect(page.locator("#undo")).to_be_visible()
    page.evaluate(PHOTO, base64.b64encode(png(170, 70, 60)).decode())
    expect(page.locator("#composer-error")).to_contain_text("late.png is not added: undo first")


def test_a_draft_that_is_not_kept_is_said(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Twice Theo")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    other = ward.tab(nurse).opens(conversation)
    other.locator("#reply-text").fill("Sent from the other tab.")
    other.locator("#send").click()
    expect(other.locator("#reply-text")).to_have_value("")
    page.locator("#reply-text").fill("Begun before it was.")
    expect(page.locator("#composer-error")).to_contain_text("not kept as a draft")
    assert draft_of(ward, nurse, conversation) == ""
    page.locator("#send").click()
    expect(page.locator("#composer-error")).to_have_text("")
    until(lambda: len(ward.heard(conversation)) == 2, "both are sent")
    page.locator("#reply-text").fill("And this one is kept.")
    until(lambda: draft_of(ward, nurse, conversation), "the next draft is kept")
    expect(page.locator("#composer-error")).to_have_text("")
