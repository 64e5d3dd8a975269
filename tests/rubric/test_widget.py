"""The widget against W1 to W15 of the rubric: what it loads, how it opens, who can use it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from bot.store.tables import Author
from tests.doubles.rasa import RasaDouble, said
from tests.rubric.chat import ROOT, SCRIPT, Chat, host, settle, until, violations
from tests.rubric.conftest import DESKTOP, PHONE, ServedBot
from tests.rubric.talk import Side

Pages = Callable[..., Page]
ZOOMED = {"width": 320, "height": 256}  # a desktop window at 400 %

TALL = "<main><h1>A clinic</h1>" + "<p>We treat thinning hair, gently.</p>" * 40 + "</main>"


def transferred(page: Page) -> dict[str, int]:
    """Bytes over the wire of each of our files, headers and all, counted from now on."""
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda one: names.update({one["requestId"]: one["response"]["url"]}))

    def finished(one: dict) -> None:
        if "/widget/aftercare-" in names.get(one["requestId"], ""):
            sizes[names[one["requestId"]]] = one["encodedDataLength"]

    session.on("Network.loadingFinished", finished)
    return sizes


def test_w01_15_kb_before_the_first_click_and_60_in_all(new_page: Pages, bot: ServedBot) -> None:
    """A page pays at most 15 kB, as sent, for the closed chat, and the whole chat is at most 60."""
    page = new_page()
    sizes = transferred(page)
    page.goto("/")
    until(lambda: sizes, "the loader is there", page)
    page.wait_for_load_state("networkidle")
    assert [name.rpartition("/")[2] for name in sizes] == ["aftercare-widget.js"]
    assert sum(sizes.values()) <= 15_000
    Chat(page, goto=None)
    until(lambda: len(sizes) == 3, "panel and words are there", page)
    assert sum(sizes.values()) <= 60_000


def test_w02_the_page_s_largest_paint_and_its_layout_are_as_without(new_page: Pages) -> None:
    """With the widget the page paints the same largest thing, and nothing of it moves."""
    watch = """() => new Promise((done) => {
      const seen = { largest: null, shift: 0 };
      const observe = (type, each) =>
        new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
      observe("largest-contentful-paint", (one) => (seen.largest = [one.element?.localName, one.size]));
      observe("layout-shift", (one) => (seen.shift += one.value));
      setTimeout(() => done(seen), 500);
    })"""
    without = new_page()
    without.route("**/aftercare-widget.js", lambda route: route.abort())
    plain = host(without, TALL).evaluate(watch)
    page = host(new_page(), TALL)
    expect(Chat(page, goto=None, opened=False).launcher).to_be_visible()
    assert page.evaluate(watch) == plain
    Chat(page, goto=None)
    assert page.evaluate(watch)["shift"] == 0


def test_w02_the_page_is_painted_before_the_widget_is_there(new_page: Pages) -> None:
    """While our script is still on its way the page paints its largest element; the script blocks no rendering."""
    page = new_page()
    held: list[Route] = []
    page.route("**/aftercare-widget.js", lambda route: held.append(route))
    painted = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().length))
      .observe({ type: "largest-contentful-paint", buffered: true }))"""
    page.route("**/host", lambda route: route.fulfill(body=f"<!doctype html><title>A clinic</title>{TALL}"
               + SCRIPT.format(more=""), content_type="text/html"))  # fmt: skip
    page.goto("/host", wait_until="commit")
    assert page.evaluate(painted) > 0
    until(lambda: held, "our script is asked for", page)
    assert page.locator("aftercare-chat").count() == 0
    held[0].continue_()
    expect(Chat(page, goto=None, opened=False).launcher).to_be_visible()
    status = (
        "performance.getEntriesByType('resource').find((one) => one.name.includes('aftercare')).renderBlockingStatus"
    )
    assert page.evaluate(status) == "non-blocking"


FORCED = """() => {
  window.forced = [];
  const note = (what) => new Error().stack.includes("aftercare-") && forced.push(what);
  const measures = [
    [Element.prototype, "clientWidth clientHeight clientTop clientLeft scrollWidth scrollHeight scrollTop scrollLeft"],
    [HTMLElement.prototype, "offsetWidth offsetHeight offsetTop offsetLeft offsetParent innerText"],
    [window, "innerWidth innerHeight scrollX scrollY"],
  ];
  for (const [owner, names] of measures)
    for (const name of names.split(" ")) {
      const { get, set } = Object.getOwnPropertyDescriptor(owner, name);
      const read = function () { note(name); return get.call(this); };
      Object.defineProperty(owner, name, { get: read, set, configurable: true });
    }
  for (const [owner, name] of [[Element.prototype, "getBoundingClientRect"], [Element.prototype, "getClientRects"],
      [window, "getComputedStyle"], [Element.prototype, "checkVisibility"]]) {
    const does = owner[name];
    owner[name] = function (...given) { note(name); return does.apply(this, given); };
  }
}"""


def test_w02_the_closed_chat_makes_the_page_compute_no_layout(new_page: Pages) -> None:
    """Until it is clicked our script asks for no measure that makes a browser lay the page out at once: what it does is
    build a button. The tasks it takes are measured by test_widget_speed.py."""
    page = new_page()
    page.add_init_script(f"({FORCED})()")
    host(page, TALL + '<input id="theirs">')
    expect(Chat(page, goto=None, opened=False).launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("forced") == []
    page.locator("#theirs").focus()
    until(lambda: page.evaluate("forced.length"), "the counting works: focus makes it look where the launcher is", page)


def test_w03_from_click_to_typing_is_one_journey_to_the_server(new_page: Pages) -> None:
    """All that a click needs is fetched at once, so that on Slow 4G (150 ms, 1.6 Mbit/s) typing begins in a second."""
    page = new_page()
    page.goto("/")
    page.wait_for_load_state("networkidle")
    order: list[str] = []
    scripts = lambda one: one.resource_type == "script"  # noqa: E731
    page.on("request", lambda one: order.append("asked") if scripts(one) else None)
    page.on("requestfinished", lambda one: order.append("came") if scripts(one) else None)
    sizes = transferred(page)
    Chat(page, goto=None)
    until(lambda: len(order) == 4, "panel and words are there", page)
    assert order == ["asked", "asked", "came", "came"]
    assert 2 * 0.150 + sum(sizes.values()) * 8 / 1_600_000 < 1


def test_w04_no_third_party_is_asked_for_anything(new_page: Pages, bot: ServedBot) -> None:
    """Every request of the page, the chat and an answer goes to the clinic's own host."""
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Chat(page).asks("hello")
    assert asked
    assert all(url.startswith((bot.url, "data:")) for url in asked), asked


def test_w05_it_runs_under_a_strict_policy(new_page: Pages, rasa: RasaDouble) -> None:
    """A nonce for scripts and style-src 'self' are enough for every part of it."""
    policy = "default-src 'none'; script-src 'nonce-abc123'; style-src 'self'; connect-src 'self'; base-uri 'none'"
    rasa.answers["choose"] = said("Which?", buttons=[{"title": "This", "payload": "/affirm"}])
    page = new_page()
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => (window.refused ??= []).push(e.blockedURI))"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    chat = Chat(host(page, head=head, more=' nonce="abc123"'), goto=None)
    chat.asks("choose", "Which?")
    chat.panel.get_by_role("button", name="Add a photo").click()
    chat.panel.get_by_role("button", name="More options").click()
    chat.panel.get_by_role("button", name="End chat").click()
    settle(page)
    assert not page.evaluate("window.refused")


def test_w06_the_page_may_lie_in_the_back_forward_cache(new_page: Pages, bot: ServedBot) -> None:
    """Leaving and coming back finds the page as it was, and the chat live again."""
    page = new_page()
    page.add_init_script("addEventListener('pageshow', (e) => (window.kept = e.persisted))")
    chat = Chat(page)
    chat.asks("hello")
    page.goto(f"{bot.url}/healthz")
    page.go_back(wait_until="commit")
    until(lambda: page.evaluate("window.kept"), "the page comes out of the cache", page)
    chat.asks("back again")


def test_w07_opening_focuses_the_named_dialog_and_escape_gives_the_focus_back(new_page: Pages) -> None:
    """The dialog has a name and the focus; Escape and the close button lead back to the launcher."""
    chat = Chat(new_page())
    expect(chat.page.get_by_role("dialog", name="Chat with")).to_be_visible()
    assert chat.focused == "textarea"
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert chat.focused == "launcher"
    chat.open()
    chat.panel.get_by_role("button", name="Close chat").click()
    assert chat.focused == "launcher"
    phone = Chat(new_page(PHONE, has_touch=True))
    assert phone.focused == "panel"
    phone.page.keyboard.press("Escape")
    assert phone.focused == "launcher"


def stops(chat: Chat, count: int) -> list[str]:
    """What has the focus after each of so many Tabs, from the top of the dialog."""
    chat.panel.evaluate("(panel) => panel.focus()")
    found = []
    for _ in range(count):
        chat.page.keyboard.press("Tab")
        found.append(chat.focused)
    return found


def test_w08_a_desktop_is_not_trapped_a_phone_is_in_a_modal(new_page: Pages) -> None:
    """Tab goes header, log, composer, send and then out into the page; on a phone it stays inside, full screen."""
    chat = Chat(new_page())
    chat.asks("hello")
    found = stops(chat, 30)
    parts = ["round", "scroll", "textarea", "send"]
    assert [found.index(part) for part in parts] == sorted(found.index(part) for part in parts)
    assert any(stop not in found[: found.index("send") + 1] for stop in found), "the page behind is reached"
    phone = Chat(new_page(PHONE))
    assert phone.panel.evaluate("(panel) => panel.matches(':modal')")
    settle(phone.page)
    assert phone.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    inside = (
        f"{ROOT}.querySelector('dialog').contains({ROOT}.activeElement) || document.activeElement === document.body"
    )
    for _ in range(30):
        phone.page.keyboard.press("Tab")
        assert phone.page.evaluate(inside)


def test_w09_the_launcher_is_a_button_with_name_state_and_count(new_page: Pages, bot: ServedBot) -> None:
    """Its role, its name, whether it is expanded and how much is unread are there for everybody."""
    chat = Chat(new_page(), opened=False)
    button = chat.page.get_by_role("button", name="Chat with the clinic", exact=True, expanded=False)
    expect(button).to_be_visible()
    chat.open().asks("hello")
    expect(chat.page.get_by_role("button", name="Close chat", expanded=True)).to_be_visible()
    chat.page.keyboard.press("Escape")
    Side.of(bot, chat).says("one more thing")
    expect(chat.page.get_by_role("button", name="Chat with the clinic, 1 new message", expanded=False)).to_be_visible()


LISTEN = f"""() => {{
  const log = {ROOT}.querySelector('[role=log]');
  window.heard = [];
  new MutationObserver((changes) => {{
    for (const one of changes) for (const node of one.addedNodes)
      if (node.localName === 'article') window.heard.push([log.ariaLive, node.ariaLive, node.innerText]);
  }}).observe(log, {{ childList: true }});
}}"""


def test_w10_the_log_says_what_is_new_once_with_its_sender_and_no_history(new_page: Pages, bot: ServedBot) -> None:
    """The log is there before any message; a new one is added once, sender first; fifty old ones are silent."""
    page = new_page()
    chat = Chat(page)
    expect(chat.log).to_have_attribute("aria-live", "polite")
    page.evaluate(LISTEN)
    chat.asks("hello")
    until(lambda: "Sent" in chat.states[-1], "sent", page)
    own, answer = page.evaluate("window.heard")
    assert own[1] == "off", "one's own words are not read back"
    assert answer[:2] == ["polite", None]
    assert answer[2].replace("\n", " ").startswith(f"{bot.house.shared.clinic.tone.bot_name}, Automated assistant")
    Side.of(bot, chat).says(*(f"old {number}" for number in range(50)))
    page.reload()
    page.evaluate("customElements.whenDefined('aftercare-chat')")
    Chat(page, goto=None, opened=False)
    until(lambda: page.evaluate(f"!!{ROOT}.querySelector('[role=log]')"), "the panel is built", page)
    page.evaluate(LISTEN)
    chat.open()
    expect(chat.log.get_by_text("old 49", exact=True)).to_be_visible()
    assert not [one for one in page.evaluate("window.heard") if one[0] != "off" and one[1] != "off"]


SMALL = f"""[...{ROOT}.querySelectorAll('button, a[href], textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.closest('.text, .notice'))
  .map((one) => [one.className || one.innerText, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"""


@pytest.mark.parametrize(
    "viewport", [DESKTOP, PHONE, {"width": 320, "height": 256}], ids=["desktop", "phone", "zoomed"]
)
def test_w11_targets_are_large_enough(new_page: Pages, rasa: RasaDouble, viewport: dict[str, int]) -> None:
    """Everything that is pressed is at least 24 by 24 pixels; links within a sentence are as high as its line."""
    rasa.answers["choose"] = said("Which?", buttons=[{"title": "A", "payload": "/affirm"}])
    chat = Chat(new_page(viewport))
    chat.says("choose")
    expect(chat.panel.locator(".choices button")).to_have_count(1)
    chat.panel.get_by_role("button", name="More options").click()
    assert chat.page.evaluate(SMALL) == []
    chat.page.keyboard.press("Escape")
    chat.panel.get_by_role("button", name="Add a photo").click()
    assert chat.page.evaluate(SMALL) == []


def test_w11_the_launcher_never_hides_what_has_the_focus(new_page: Pages) -> None:
    """A control of the page in the launcher's corner shows while it has the focus."""
    style = "position:fixed;right:20px;bottom:20px;width:60px;height:40px"
    page = host(new_page(), f'<button id="theirs" style="{style}">Top</button>')
    expect(Chat(page, goto=None, opened=False).launcher).to_be_visible()
    seen = """() => { const box = theirs.getBoundingClientRect();
      return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === theirs }"""
    assert not page.evaluate(seen)
    page.locator("#theirs").focus()
    until(lambda: page.evaluate(seen), "the launcher steps aside", page)


def test_w12_it_works_at_400_percent(new_page: Pages) -> None:
    """In a window of 320 by 256 pixels composer and send show whole, before and after an answer, nothing sideways."""
    chat = Chat(new_page(ZOOMED))
    chat.asks("hello")
    for part in (chat.composer, chat.send_button, chat.panel.get_by_role("link", name="Emergency")):
        expect(part).to_be_in_viewport(ratio=1)
    assert chat.panel.evaluate("(panel) => panel.scrollWidth <= panel.clientWidth")
    assert chat.log.evaluate("(log) => log.clientHeight >= 48 && log.scrollWidth <= log.clientWidth")


def test_w13_nothing_moves_for_those_who_asked_for_it(new_page: Pages, rasa: RasaDouble) -> None:
    """With reduced motion there is no animation, transition or smooth scroll in any state."""
    rasa.mode, rasa.pause = "slow", 1.0
    page = new_page(reduced_motion="reduce")
    moving = f"{ROOT}.getAnimations().length"
    page.add_init_script(
        "const to = Element.prototype.scrollTo; Element.prototype.scrollTo = function (where) {"
        " (window.scrolls ??= []).push(where.behavior); return to.call(this, where); }"
    )
    chat = Chat(page)
    assert page.evaluate(moving) == 0
    chat.says("hello")
    expect(chat.panel.locator(".typing")).to_be_visible()
    assert page.evaluate(moving) == 0
    expect(chat.log.get_by_text("heard: hello")).to_be_visible()
    chat.panel.get_by_role("button", name="More options").click()
    assert page.evaluate(moving) == 0
    assert "smooth" not in page.evaluate("window.scrolls")


def test_w14_right_to_left_mirrors_and_every_language_is_marked(new_page: Pages) -> None:
    """In Arabic the launcher, the sides of the bubbles and the buttons change over; each bubble finds its direction."""
    boxes = {}
    for lang in ("en", "ar"):
        page = host(new_page(), lang=lang)
        chat = Chat(page, goto=None)
        chat.asks("hello")
        settle(page)
        own, theirs = chat.panel.locator("article.own .bubble"), chat.panel.locator(".scroll > article.bot .bubble")
        boxes[lang] = [part.bounding_box()["x"] for part in (chat.launcher, own, theirs, chat.send_button)]
        assert own.locator(".text").get_attribute("dir") == "auto"
        assert chat.panel.get_attribute("lang") == "en", "the words are English, whatever the page"
        middle = DESKTOP["width"] / 2
    left_to_right, right_to_left = boxes["en"], boxes["ar"]
    assert left_to_right[0] > middle > right_to_left[0]
    assert left_to_right[1] > left_to_right[2]
    assert right_to_left[1] < right_to_left[2]
    assert right_to_left[3] < right_to_left[2] < middle
    spanish = Chat(host(new_page(), lang="es"), goto=None)
    assert spanish.panel.get_attribute("lang") == "es"
    expect(spanish.page.get_by_role("dialog", name="Chat con")).to_be_visible()


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"contrast": "more"}],
    ids=["dark", "forced", "more"],
)
def test_w15_dark_and_forced_colours_are_legible(new_page: Pages, bot: ServedBot, look: dict[str, str]) -> None:
    """axe finds nothing in the dark nor with forced colours."""
    chat = Chat(new_page(**look))
    chat.asks("hello")
    Side.of(bot, chat).says("A line of the clinic's", author=Author.SYSTEM)
    expect(chat.log.get_by_text("A line of the clinic's")).to_be_visible()
    assert violations(chat.page) == []
