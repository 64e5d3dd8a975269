"""Review, reports, settings and staff against the rubric, each check named by its id."""

import csv
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from bot.staff import first_run_link
from bot.store.tables import Review, Role, StaffSession
from tests.doubles.bot_api import TelegramDouble
from tests.rubric.busy import READINGS, to_review, two_months
from tests.rubric.ward import Nurse, Ward, until

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 740}
ADMIN_PAGES = ("/console/settings", "/console/settings/website", "/console/settings/telegram", "/console/staff")
PAGES = (
    "/console/review", "/console/review?show=done", "/console/reports?days=90", "/console/settings/protocol",
    "/console/settings/data", *ADMIN_PAGES,
)  # fmt: skip


@pytest.fixture
def busy(ward: Ward, request: pytest.FixtureRequest) -> list[int]:
    """Two months, once a module. Out: the messages to review."""
    ids = getattr(request.module, "_ids", None)
    if ids is None:
        two_months(ward.house)
        ids = request.module._ids = to_review(ward.house)
    with ward.house.store.write() as session:
        session.query(Review).delete()
    return ids


@pytest.fixture
def admin(ward: Ward) -> Nurse:
    return ward.nurse("Ada Admin", Role.ADMIN)


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark"), (PHONE, "dark")],
    ids=["desktop", "phone", "desktop-dark", "phone-dark"],
)
def test_c39_axe_finds_nothing_on_any_page(ward: Ward, busy: list[int], viewport: dict[str, int], scheme: str) -> None:
    page = ward.nurse("Ada Admin", Role.ADMIN, viewport=viewport, color_scheme=scheme).page
    for address in (*PAGES, f"/console/review/{busy[0]}"):
        page.goto(address)
        assert not broken(page, address)
    page.goto("/console/review")
    page.get_by_role("link", name="Wrong topic…").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not broken(page, "the topics")


def broken(page: Page, where: str) -> list[str]:
    """Everything axe finds, on pages of ours (the preview is another page, checked with the widget)."""
    found = Axe().run(page, options={"iframes": False}).response["violations"]
    return [f"{where}: {one['id']} {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def test_c35_nothing_scrolls_sideways_at_360_pixels(ward: Ward, busy: list[int]) -> None:
    page = ward.nurse("Ada Admin", Role.ADMIN, viewport=NARROW).page
    wide = """() => [document.documentElement, document.getElementById("main")]
      .map((one) => one.scrollWidth - one.clientWidth)"""
    for address in (*PAGES, f"/console/review/{busy[0]}"):
        page.goto(address)
        assert page.evaluate(wide) == [0, 0], address


def test_a_message_is_corrected_in_two_clicks(ward: Ward, busy: list[int]) -> None:
    page = ward.nurse("Rae Moss", Role.REVIEWER).page
    page.goto("/console/review")
    item = page.locator(f"#m{busy[3]}")
    item.get_by_role("link", name="Wrong topic…").click()  # one
    page.get_by_role("dialog").get_by_role("button", name="Washing hair").click()  # two
    expect(page.locator(".done-note")).to_contain_text("Wrong topic: Washing hair (Rae Moss")
    expect(page.locator(f"#m{busy[3]}")).to_have_count(0)
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(f"#m{busy[3]}")).to_have_count(1)


def test_c17_a_message_is_reviewed_with_the_keyboard_and_plain_words(ward: Ward, busy: list[int]) -> None:
    nurse = ward.nurse("Rae Moss", Role.REVIEWER)
    page = nurse.page
    page.goto("/console/review")
    nurse.live()
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("shampoo")
    shown = page.get_by_role("dialog").locator("li:not([hidden])")
    expect(shown).to_have_count(3)  # washing, dry shampoo, and "no I meant the shampoo"
    page.keyboard.press("ArrowDown")
    expect(shown.nth(0).get_by_role("button")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(" scrub")
    page.keyboard.press("Enter")
    expect(page.locator(".done-note")).to_contain_text("Wrong topic: Washing hair")
    nurse.live()
    page.keyboard.press("m")
    page.keyboard.type("zzzz")
    expect(page.get_by_role("dialog")).to_contain_text("None found")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open], dialog :focus")).to_have_count(0)
    page.keyboard.press("f")
    expect(page.locator(".done-note")).to_contain_text("Fine (Rae Moss")


def test_a_message_is_reviewed_without_scripts(ward: Ward, busy: list[int]) -> None:
    nurse = ward.nurse("Rae Moss", Role.REVIEWER)
    state = nurse.page.context.storage_state()
    context = ward.chromium.new_context(base_url=ward.url, java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto("/console/review")
    page.locator(f"#m{busy[3]}").get_by_role("link", name="Missed sign…").click()
    page.get_by_role("button", name=re.compile("^Fever")).click()
    expect(page.locator("#main")).to_contain_text("Missed sign: Fever of 38 °C / 100.4 °F or more (Rae Moss")
    context.close()


def test_the_finding_stands_on_the_message_in_its_conversation(ward: Ward, busy: list[int]) -> None:
    page = ward.nurse("Rae Moss", Role.REVIEWER).page
    page.goto(f"/console/review/{busy[0]}")
    page.get_by_role("button", name="Fine").click()
    page.locator(f"#m{busy[0]} a").first.click()
    line = page.locator(f"#m{busy[0]}")
    expect(line).to_contain_text("Fine (Rae Moss")
    line.get_by_role("link", name="Reviewed").click()
    expect(page).to_have_url(re.compile(f"/console/review/{busy[0]}$"))


def test_c33_the_page_and_its_csv_have_the_same_figures(ward: Ward, busy: list[int], tmp_path: Path) -> None:
    page = ward.nurse("Rae Moss", Role.REVIEWER).page
    page.goto("/console/reports?days=90")
    for section in page.locator("section.report").all():
        link = section.get_by_role("link")
        with page.expect_download() as download:
            link.click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        rows = list(csv.reader(file.open(encoding="utf-8", newline="")))
        shown = section.locator("tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
        )
        assert [[plain(cell) for cell in row] for row in rows] == [[plain(cell) for cell in row] for row in shown]
        assert len(rows) > 1


def plain(cell: str) -> str:
    cell = cell.strip().replace(",", "").replace("–", "")
    return f"{float(cell):.1f}" if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell


def test_c33_charts_have_a_table_beside_them_and_colours_that_stand_out(ward: Ward, busy: list[int]) -> None:
    for scheme in ("light", "dark"):
        page = ward.nurse("Rae Moss", Role.REVIEWER, color_scheme=scheme).page
        page.goto("/console/reports?days=90")
        charts = page.locator(".report-chart")
        assert charts.count() >= 5
        for at in range(charts.count()):
            assert charts.nth(at).locator("xpath=following-sibling::div").locator("tbody tr").count() > 0
        assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => { const [r, g, b] = numbers(colour).map((one) => {
    const part = one / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const back = light(getComputedStyle(document.querySelector(".panel")).backgroundColor);
  return [...document.querySelectorAll(".legend rect, .inline-bar rect")].map((one) => getComputedStyle(one).fill)
    .filter((fill) => { const [low, high] = [light(fill), back].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05) < 3; });
}"""


def test_c36_an_empty_list_says_which_empty_it_is(ward: Ward, busy: list[int]) -> None:
    page = ward.nurse("Rae Moss", Role.REVIEWER).page
    page.goto("/console/review?why=false_alarm")
    expect(page.locator(".empty")).to_contain_text("are filtered out")
    page.goto("/console/review?show=done")
    expect(page.locator(".empty")).to_contain_text("Nothing is reviewed yet")
    page.goto("/console/reports?from=2020-01-01&to=2020-01-07")
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator("#responses")).to_contain_text("No case was opened in these days.")
    for address in ADMIN_PAGES:
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("Only admins")


def test_c23_no_words_stand_in_any_address(ward: Ward, busy: list[int]) -> None:
    page = ward.nurse("Rae Moss", Role.REVIEWER).page
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto("/console/review")
    page.get_by_role("link", name="Wrong topic…").first.click()
    page.keyboard.type("shampoo")
    page.get_by_role("dialog").get_by_role("button", name="Washing hair").click()
    expect(page.locator(".done-note")).to_be_visible()
    page.goto("/console/review?why=unsure")
    page.goto("/console/reports?days=7")
    words = {"shampoo", "moss", *(word for text, *_ in READINGS for word in text.split() if len(word) > 4)}
    assert addresses
    assert not [one for one in addresses if any(word in one.lower() for word in words)]


ROLES = {Role.ADMIN: "Ada Admin", Role.CLINICIAN: "Cleo Clinic", Role.REVIEWER: "Rae Moss"}


@pytest.mark.parametrize("role", ROLES)
def test_c30_each_role_reaches_its_pages_and_no_others(ward: Ward, busy: list[int], role: Role) -> None:
    nurse = ward.nurse(ROLES[role], role)
    with nurse.http() as client:
        for address in PAGES:
            wanted = 403 if address in ADMIN_PAGES and role is not Role.ADMIN else 200
            assert client.get(address).status_code == wanted, address
        answers = {
            f"/console/review/{busy[0]}": {"finding": "fine"},
            f"/console/review/{busy[0]}/take-back": {"x": ""},
        }
        for address, data in answers.items():
            assert client.post(address, data=data).status_code == 303, address
        acts = client.post(f"/console/review/{busy[0]}/no-training", data={"x": ""})
        assert acts.status_code == (403 if role is Role.REVIEWER else 303)
        for verb in ("role", "sign-out", "disable", "enable", "link"):
            answer = client.post(f"/console/staff/{nurse.staff.id}/{verb}", data={"role": "admin"})
            assert (answer.status_code == 403) is (role is not Role.ADMIN), verb
            if role is Role.ADMIN and verb == "sign-out":
                break
    with ward.house.store.write() as session:
        session.query(StaffSession).filter(StaffSession.staff_id == nurse.staff.id).delete()


def test_c30_a_new_role_ends_the_open_page(ward: Ward, admin: Nurse) -> None:
    nurse = ward.nurse("Nia Nurse", Role.CLINICIAN)
    nurse.inbox()
    admin.page.goto("/console/staff")
    row = admin.page.locator("li.person", has_text="Nia Nurse")
    row.get_by_label("Role of Nia Nurse").select_option("reviewer")
    row.get_by_role("button", name="Change role").click()
    expect(admin.page.locator("li.person", has_text="Nia Nurse")).to_contain_text("Reviewer")
    expect(nurse.page.locator("#again")).to_be_visible()
    expect(nurse.page.locator(".shell")).to_be_hidden()


def test_r16_first_steps_tick_themselves_off(ward: Ward, admin: Nurse) -> None:
    page = admin.page
    page.goto("/console/settings")
    first = page.locator(".first-step").first
    ward.patient("can i swim tomorrow")
    page.reload()
    expect(first).to_have_class(re.compile("is-done"))
    expect(page.locator(".first-step", has_text="Put the chat on your website")).not_to_have_class(
        re.compile("is-done")
    )
    page.get_by_role("link", name="Copy the line").click()
    expect(page.get_by_role("heading", name="The chat on your website")).to_be_visible()


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    with TelegramDouble() as server:
        yield server


@dataclass
class Site:
    """A clinic's own site: one page under a content security policy."""

    url: str
    html: str = ""
    policy: str = ""


@pytest.fixture
def clinic() -> Iterator[Site]:
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(site.html.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield site
        server.shutdown()


@pytest.fixture
def settings(double: TelegramDouble, clinic: Site) -> dict[str, Any]:
    """A bot on Telegram, embedded on another site."""
    return {
        "telegram_token": SecretStr(double.token),
        "telegram_api_base": double.base_url,
        "widget_origins": clinic.url,
        "public_url": "http://localhost:8000",
    }


def enter(page: Page, bot: Any) -> None:
    """Sign in as the first admin."""
    link = first_run_link(bot.house.services)
    page.goto(link.replace("http://localhost:8000", bot.url))
    page.get_by_label("Name").fill("Ada Admin")
    page.get_by_label("E-mail").fill("ada@clinic.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_selector("#rows", state="attached")


def test_r17_the_snippet_works_under_the_policy_that_is_shown(
    bot: Any, new_page: Callable[..., Page], clinic: Site
) -> None:
    page = new_page(DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    enter(page, bot)
    page.goto("/console/settings/website")
    copied = {}
    for name in ("snippet", "policy"):
        page.locator(f"[data-copy={name}]").click()
        expect(page.locator(f"[data-copy={name}]")).to_have_attribute("data-done", "")
        copied[name] = page.evaluate("navigator.clipboard.readText()").replace("http://localhost:8000", bot.url)
    expect(page.frame_locator("iframe").get_by_role("button", name="Chat with the clinic")).to_be_visible()
    clinic.policy = f"default-src 'none'; style-src 'self'; {copied['policy']}"
    clinic.html = f"<!doctype html><html lang=en><title>A clinic</title><h1>Clinic</h1>{copied['snippet']}</html>"
    site = new_page()
    site.goto(f"{clinic.url}/page")
    site.get_by_role("button", name="Chat with the clinic").click()
    site.get_by_role("textbox", name="Write a message").fill("when can i wash my hair")
    site.get_by_role("button", name="Send", exact=True).click()
    expect(site.locator("article.row:not(.own)").last).to_contain_text("heard: when can i wash my hair")


def test_t10_the_page_shows_what_waits_the_last_error_and_a_conflict(
    bot: Any, new_page: Callable[..., Page], double: TelegramDouble
) -> None:
    page = new_page()
    enter(page, bot)
    until(lambda: bot.house.services and double.state.pollers, "the bot asks for updates")
    page.goto("/console/settings/telegram")
    expect(page.locator(".check-row", has_text="Waiting")).to_contain_text("0 updates wait at Telegram")
    with httpx.Client(trust_env=False, timeout=30) as other:
        other.get(f"{double.base_url}/bot{double.token}/getUpdates")  # takes the place of the bot's own long poll

    row = page.locator(".check-row:has(h2:text-is('Conflict'))")

    def told() -> bool:
        page.reload()
        return "409" in row.inner_text()

    until(told, "the conflict is told")
    expect(row).to_contain_text("Somebody else uses this token")
    expect(row).to_contain_text("Stop the other program")
    expect(page.locator(".check-row", has_text="Last error")).to_contain_text("Conflict")
    assert double.token not in page.content()
