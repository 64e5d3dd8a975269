"""The widget against W32 to W40 of the rubric: what it leaves behind, and how it lives on other people's pages."""

import io
import json
import re
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from bot.console.console import environment
from bot.conversation.wished_away import GRACE
from bot.privacy.wishes import Wishes
from tests.doubles.rasa import RasaDouble
from tests.rubric.chat import ROOT, SCRIPT, Chat, host, settle, until, violations
from tests.rubric.conftest import DESKTOP, PHONE, ServedBot
from tests.rubric.states import STATES, teach
from tests.rubric.talk import Side

Pages = Callable[..., Page]
STORED = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state(new_page: Pages, bot: ServedBot, rasa: RasaDouble, state: str) -> None:
    """No violation of any impact, on the whole page, in each state of the chat."""
    teach(rasa)
    assert violations(STATES[state](bot, new_page()).page) == []


def test_w32_nothing_is_stored_or_sent_before_it_is_opened(new_page: Pages) -> None:
    """A visitor who never opens the chat leaves nothing and asks the API nothing; the notice comes before any words."""
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/api/" in url]
    assert json.loads(page.evaluate(STORED)) == [[], [], ""]
    chat = Chat(page, goto=None)
    expect(chat.panel.locator(".notice")).to_contain_text("automated assistant")
    expect(chat.panel.locator(".notice")).to_be_in_viewport()
    assert not [url for url in asked if "conversations" in url], "no conversation before the first message"
    chat.asks("my secret")
    stored = page.evaluate(STORED)
    assert "my secret" not in stored
    assert {re.sub(".* ", "", key) for key, _ in json.loads(stored)[0]} == {"token", "seen", "clinic"}


def test_w33_a_patient_saves_the_whole_of_it(new_page: Pages, bot: ServedBot) -> None:
    """The file holds every message, earlier ones too, with who wrote it; a phone is asked where to put it."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    Side.of(bot, chat).says(*(f"line {number}" for number in range(1, 71)))
    page.reload()
    chat.open()
    expect(chat.log.get_by_text("line 70", exact=True)).to_be_visible()
    with page.expect_download() as saving:
        chat.menu("Save a copy of this chat")
    text = saving.value.path().read_text("utf-8")
    assert saving.value.suggested_filename == "chat.txt"
    found = re.findall(r"\] ([^:]+): (.*)", text)
    assert [words for _, words in found] == ["hello", "heard: hello", *(f"line {n}" for n in range(1, 71))]
    assert [who for who, _ in found[:2]] == ["You", f"{bot.house.shared.clinic.tone.bot_name}, Automated assistant"]
    phone = new_page(PHONE, has_touch=True, is_mobile=True)
    phone.add_init_script(
        "navigator.canShare = () => true;navigator.share = async ({ files }) => (window.shared = await files[0].text())"
    )
    chat = Chat(phone)
    chat.asks("from my phone")
    chat.menu("Save a copy of this chat")
    until(lambda: phone.evaluate("window.shared || ''"), "the phone's own sheet", phone)
    assert "heard: from my phone" in phone.evaluate("window.shared")


def test_w33_ending_clears_the_device_and_says_what_it_does_not_do(new_page: Pages, bot: ServedBot) -> None:
    """After a question, nothing of the chat is left in the browser; what the clinic keeps is said."""
    page = new_page()
    chat = Chat(page)
    chat.asks("hello")
    chat.menu("End chat and clear this device")
    expect(chat.panel.get_by_text("The clinic keeps its record.")).to_be_visible()
    chat.panel.get_by_role("button", name="Keep the chat").click()
    expect(chat.log.get_by_text("heard: hello", exact=True)).to_be_visible()
    chat.menu("End chat and clear this device")
    chat.panel.get_by_role("button", name="End and clear").click()
    expect(chat.log.get_by_text("hello", exact=True)).to_have_count(0)
    assert json.loads(page.evaluate(STORED)) == [[], [], ""]
    page.reload()
    chat.open()
    assert chat.texts == []


def test_w33_a_patient_has_the_chat_deleted_as_on_telegram(new_page: Pages, bot: ServedBot) -> None:
    """The assistant says what deletion means, and deletes only what is confirmed, ten minutes later."""
    chat = Chat(new_page())
    chat.asks("hello")
    chat.menu("Have this chat deleted")
    thread = Side.of(bot, chat).thread
    wishes = Wishes(bot.house.services)
    bot.house.clock.advance(GRACE)
    assert wishes.fulfil() == 0, "nothing is asked for yet"
    chat.panel.get_by_role("button", name="Yes, delete it").click()
    expect(chat.log.get_by_text("In ten minutes this chat is gone for good", exact=False)).to_be_visible()
    bot.house.clock.advance(GRACE)
    assert wishes.fulfil() == 1
    assert bot.house.messages(thread) == []
    chat.says("are you there?")
    expect(chat.panel.get_by_text("This chat has ended on this device")).to_be_visible()


def test_w34_the_token_is_in_no_address_and_no_message_of_the_page_is_heard(new_page: Pages) -> None:
    """No request's address holds the token; what other windows post to the page changes nothing."""
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    chat = Chat(page)
    chat.asks("hello")
    token = chat.session["token"]
    before = page.evaluate(STORED)
    for forged in ('{"type":"tell","body":{"is":"event"}}', "close", '{"token":"mine"}'):
        page.evaluate("(said) => window.postMessage(JSON.parse(said[0] === '{' ? said : '\"x\"'), '*')", forged)
    chat.asks("still here")
    page.reload()
    chat.open()
    assert not [url for url in asked if token in url]
    assert page.evaluate(STORED).count(token) == before.count(token) == 1
    assert chat.session["token"] == token


def test_w35_messages_are_text_and_never_run(new_page: Pages) -> None:
    """Markup is shown as it was written; only https links and telephone numbers become links."""
    page = new_page()
    chat = Chat(page)
    for words in ("<img src=x onerror=\"document.title='owned'\">", "javascript:alert(1) https://ok.example/x"):
        chat.asks(words)
    links = chat.panel.locator(".scroll > article a").evaluate_all("(links) => links.map((link) => link.href)")
    assert set(links) == {"https://ok.example/x"}
    assert chat.panel.locator(".scroll > article img").count() == 0
    assert page.title() != "owned"


HOSTILE = """<style>
*, *::before, *::after { all: unset !important }
html { font-size: 62.5% !important; letter-spacing: 9px; direction: rtl }
div, button, dialog, aftercare-chat { display: none !important; z-index: -1 !important; opacity: 0 !important;
  transform: scale(3) !important; filter: blur(3px) !important; visibility: hidden !important }
</style>"""


def test_w35_a_link_needs_no_newest_browser(new_page: Pages, bot: ServedBot) -> None:
    """Safari 16, the last of many phones, has no URL.canParse; an address of nothing but dots is none."""
    page = new_page()
    page.add_init_script("delete URL.canParse")
    chat = Chat(page)
    chat.asks("hello")
    Side.of(bot, chat).says("see https://clinic.example/wash. Not https://...")
    links = chat.log.locator("article.bot .text a[target=_blank]")
    expect(links).to_have_text(["https://clinic.example/wash"])
    expect(links).to_have_attribute("href", "https://clinic.example/wash")


def test_w36_a_hostile_page_changes_nothing(new_page: Pages) -> None:
    """Under the worst style sheet the launcher and the chat look as on an empty page, to under 1 % of the pixels."""
    looks = []
    for head in ("", HOSTILE):
        page = host(new_page(), head=head)
        chat = Chat(page, goto=None)
        chat.asks("hello")
        page.evaluate(f"{ROOT}.querySelectorAll('time').forEach((one) => (one.textContent = ''))")
        settle(page)
        box = chat.panel.bounding_box()
        clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": DESKTOP["height"] - box["y"]}
        looks.append(Image.open(io.BytesIO(page.screenshot(clip=clip, caret="hide"))).convert("L"))
    assert looks[0].size == looks[1].size
    changed = ImageChops.difference(*looks).point(lambda value: 255 if value > 16 else 0)
    share = changed.histogram()[255] / (looks[0].width * looks[0].height)
    assert share < 0.01


def test_w37_a_page_that_swaps_its_body_keeps_one_chat_and_its_draft(new_page: Pages) -> None:
    """After pushState, a body swapped as Turbo and htmx do it, and a second include, there is one chat as it was."""
    page = host(new_page(), "<main>one</main>", more=' id="first"')
    chat = Chat(page, goto=None)
    chat.asks("hello")
    chat.composer.fill("half a sentence")
    page.evaluate(f"""() => {{
      history.pushState({{}}, "", "/host?two");
      const body = document.createElement("body");
      body.innerHTML = '<main>two</main>';
      document.documentElement.replaceChild(body, document.body);
      const again = window.again = document.createElement("script");
      again.src = "/widget/aftercare-widget.js";
      body.append(again);
      body.insertAdjacentHTML("beforeend", {json.dumps(SCRIPT.format(more=""))});
    }}""")
    expect(chat.panel).to_be_visible()
    expect(chat.composer).to_have_value("half a sentence")
    until(lambda: page.evaluate("performance.getEntriesByName(again.src).length > 1"), "included again", page)
    assert page.locator("aftercare-chat").count() == 1
    assert page.locator("aftercare-chat .launcher").count() == 1
    chat.send_button.click()
    expect(chat.log.get_by_text("heard: half a sentence", exact=True)).to_be_visible()
    assert chat.texts == ["hello", "heard: hello", "half a sentence", "heard: half a sentence"]


def test_w38_over_an_open_keyboard_composer_and_last_message_show(new_page: Pages) -> None:
    """With 300 pixels left on a phone the newest words and the composer are in sight; 16-pixel letters stop a zoom."""
    page = new_page(PHONE, has_touch=True, is_mobile=True)
    chat = Chat(page)
    chat.asks("one")
    chat.asks("two")
    page.set_viewport_size({"width": 390, "height": 300})
    expect(chat.composer).to_be_in_viewport(ratio=1)
    expect(chat.log.get_by_text("heard: two", exact=True)).to_be_in_viewport(ratio=1)
    assert float(chat.composer.evaluate("(box) => parseFloat(getComputedStyle(box).fontSize)")) >= 16


def test_w39_on_paper_there_is_the_whole_conversation_and_no_launcher(new_page: Pages, bot: ServedBot) -> None:
    """Printed from the menu, every message is on the paper, earlier ones too; no button is."""
    page = new_page()
    page.add_init_script("window.print = () => (window.printed = (window.printed || 0) + 1)")
    chat = Chat(page)
    chat.asks("hello")
    Side.of(bot, chat).says(*(f"line {number}" for number in range(1, 81)))
    page.reload()
    chat.open()
    expect(chat.log.get_by_text("line 80", exact=True)).to_be_visible()
    chat.menu("Print this chat")
    until(lambda: page.evaluate("window.printed"), "the print dialog", page)
    assert len(chat.texts) == 82
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(chat.launcher).to_be_hidden()
    expect(chat.composer).to_be_hidden()
    last = chat.log.get_by_text("line 80", exact=True).bounding_box()
    whole = page.evaluate(f"(() => {{ const box = {ROOT}.querySelector('dialog').getBoundingClientRect();"
                          " return [box.top + scrollY, box.bottom + scrollY] }})()".replace("}}", "}"))  # fmt: skip
    assert whole[0] <= last["y"] + page.evaluate("scrollY") <= whole[1], "nothing is cut off"
    assert whole[1] - whole[0] > 3000
    assert page.pdf().count(b"/Type /Page\n") > 3
    closed = new_page()
    closed.goto("/")
    closed.emulate_media(media="print")
    expect(Chat(closed, goto=None, opened=False).launcher).to_be_hidden()


@pytest.mark.parametrize("how", ["no scripts", "not found", "blocked"])
def test_w40_without_the_script_the_page_says_how_to_reach_the_clinic(
    new_page: Pages, bot: ServedBot, how: str
) -> None:
    """Scripts off, missing or blocked: the page offers the telephone, and no button that does nothing."""
    page = new_page(java_script_enabled=how != "no scripts")
    if how == "not found":
        page.route("**/aftercare-widget.js", lambda route: route.fulfill(status=404, body=""))
    elif how == "blocked":
        page.route("**/aftercare-widget.js", lambda route: route.abort("blockedbyclient"))
    page.goto("/")
    phone = bot.house.shared.clinic.contacts.phone
    expect(page.locator(".no-chat").get_by_role("link", name=f"Call {phone}")).to_be_visible()
    assert page.locator("[data-aftercare-open]:visible").count() == 0


@pytest.mark.parametrize("how", ["no scripts", "not found", "blocked", "well"])
def test_w40_the_lines_that_a_clinic_copies_say_it_on_its_own_page(
    new_page: Pages, bot: ServedBot, how: str
) -> None:  # fmt: skip
    """What the console gives to copy shows the numbers to call until the chat takes its place."""
    contacts = bot.house.shared.clinic.contacts
    lines = environment().get_template("parts/website_snippet.html").render(
        phone=contacts.phone, emergency=contacts.emergency_number, public_url=bot.url
    )  # fmt: skip
    page = new_page(java_script_enabled=how != "no scripts")
    if how == "not found":
        page.route("**/aftercare-widget.js", lambda route: route.fulfill(status=404, body=""))
    elif how == "blocked":
        page.route("**/aftercare-widget.js", lambda route: route.abort("blockedbyclient"))
    html = f"<!doctype html><html lang=en><title>A clinic</title><h1>Clinic</h1>{lines}</html>"
    page.route("**/own", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/own")
    number, emergency = (page.get_by_role("link", name=name, exact=True) for name in (contacts.phone, "999"))
    if how == "well":
        chat = Chat(page, goto=None, opened=False)
        expect(chat.launcher).to_be_visible()
        expect(page.get_by_text("Questions after your treatment?")).to_be_hidden()
        chat.open()
        expect(chat.panel.locator(".help")).to_contain_text("Call")
    else:
        expect(number).to_be_visible()
        expect(emergency).to_be_visible()
        assert number.get_attribute("href") == f"tel:{contacts.phone.replace(' ', '')}"
