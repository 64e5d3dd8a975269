"""What the rubric asks of patients' data: nothing of it stands where it should not, and staff find it all the same."""

import logging
import re
import traceback
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.privacy.erasing import erase
from bot.staff import Profile, add_staff, make_sign_in_link, open_account
from bot.store.tables import Author, CareRecord, Patient, Role
from tests.doubles.bot_api import TelegramDouble
from tests.doubles.pagers import WebPager
from tests.house import URGENT, House
from tests.rubric.conftest import ServedBot
from tests.rubric.ward import Nurse, Ward, until
from tests.store.test_sealed import holding

MARKERS = ("Zwetschgenkuchen", "Marmeladina", "Krautwickel", "Obststreusel")
TEXT, NAME, NOTE, FILE = MARKERS
PASSWORD = "correct horse battery"


class Everything(logging.Handler):
    """Keeps every line that anything logs, access logs and tracebacks among them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        shown = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.lines.append(f"{record.name} {record.getMessage()} {shown}")


@pytest.fixture
def logged() -> Iterator[Everything]:
    handler, changed = Everything(), {}
    for name in (
        "",
        "bot",
        "uvicorn",
        "uvicorn.access",
        "uvicorn.error",
        "telegram",
        "httpx",
        "sqlalchemy.engine.Engine",
    ):
        logger = logging.getLogger(name)
        changed[logger] = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield handler
    for logger, level in changed.items():
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.fixture
def telegram() -> Iterator[TelegramDouble]:
    with TelegramDouble() as double:
        yield double


@pytest.fixture
def pager() -> Iterator[WebPager]:
    with WebPager() as double:
        yield double


@pytest.fixture
def settings(telegram: TelegramDouble, pager: WebPager) -> dict[str, Any]:
    return {
        "rasa_timeout": 8,
        "telegram_token": telegram.token,
        "telegram_api_base": telegram.base_url,
        "alert_urls": pager.url,
        "metrics_token": "m" * 32,
    }


def signed_in(house: House, url: str) -> httpx.Client:
    """An admin's browser, without the browser."""
    email = "ada@clinic.example"
    staff = add_staff(house.store, house.clock, email, "Ada Admin", "", Role.ADMIN)
    token = make_sign_in_link(house.store, house.clock, staff.id)
    open_account(house.store, house.clock, token, Profile("Ada Admin", "", email, PASSWORD))
    client = httpx.Client(base_url=url, trust_env=False, timeout=30)
    assert client.post("/console/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    csrf = re.search(r'name="csrf" content="([^"]+)"', client.get("/console").text)
    assert csrf
    client.headers["X-CSRF-Token"] = csrf[1]
    return client


def test_c23_t11_v14_no_marker_leaves_the_database(
    bot: ServedBot, telegram: TelegramDouble, pager: WebPager, logged: Everything
):
    """Planted by every way in; looked for in logs, access logs, metrics, pages, error pages, addresses and on disk."""
    house = bot.house
    visitor = httpx.Client(base_url=bot.url, trust_env=False, timeout=30)
    opened = visitor.post("/api/v1/conversations").json()
    visitor.headers["Authorization"] = f"Bearer {opened['token']}"
    said = {"client_message_id": "message-1", "text": f"{URGENT} {TEXT}"}
    assert visitor.post("/api/v1/messages", json=said).status_code == 202
    photo = {"file": (f"{FILE}.png", b"\x89PNG\r\n\x1a\n" + FILE.encode(), "image/png")}
    given = {"client_message_id": "photo-001", "text": TEXT}
    assert visitor.post("/api/v1/attachments", files=photo, data=given).status_code == 202
    mia = telegram.patient(4711, first_name=NAME)
    mia.sends(f"{URGENT} {TEXT}")
    mia.sends_document(b"%PDF-1.7 " + FILE.encode(), f"{FILE}.pdf")
    until(lambda: len(house.messages(author=Author.PATIENT)) == 4, "all four messages are stored")
    until(lambda: pager.pages, "the staff are paged")

    conversation = opened["conversation_id"]
    console = signed_in(house, bot.url)
    with house.store.write() as session:
        record = CareRecord(called=NAME, created_at=house.clock.now())
        session.add(record)
        session.flush()
        session.query(Patient).filter(Patient.channel == "web").one().record_id = record.id
    address = f"/console/conversations/{conversation}"
    page = console.get(address)
    assert TEXT in page.text
    assert NAME in page.text
    found = console.post("/console/search", data={"words": TEXT})
    assert found.status_code == 200
    assert f"<mark>{TEXT}</mark>" in found.text
    assert console.post("/console/search", data={"words": f"{NOTE} {NOTE}"}).status_code == 200
    acted = [
        console.post(f"{address}/take-over"),
        console.post(f"{address}/reply", data={"text": NOTE, "key": "k" * 8, "last_seen": "9999"}),
        console.post(f"{address}/note", data={"text": NOTE, "key": "n" * 8}),
        console.post(f"{address}/close", data={"outcome": "seen", "note": NOTE, "case_id": str(house.cases()[0].id)}),
    ]
    assert all(answer.status_code < 500 for answer in acted)
    assert zipfile.is_zipfile(BytesIO(console.post(f"{address}/data/export").content))

    # Something breaks while words are on their way.
    with house.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE messages RENAME TO gone")
    broken = [
        visitor.post("/api/v1/messages", json={"client_message_id": "message-2", "text": TEXT}),
        console.post(f"{address}/reply", data={"text": NOTE, "key": "l" * 8, "last_seen": "9999"}),
        console.post("/console/search", data={"words": TEXT}),
        console.get("/console/nothing-here"),
    ]
    with house.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO messages")
    assert all(answer.status_code >= 500 for answer in broken[:3])
    metrics = httpx.get(f"{bot.url}/metrics", headers={"Authorization": f"Bearer {'m' * 32}"}, trust_env=False)
    assert metrics.status_code == 200
    audit = " ".join(f"{line.actor} {line.action} {line.detail}" for line in house.audit())
    assert "searched" in audit
    assert any(address in line for line in logged.lines)  # the access log is looked through
    for marker in MARKERS:
        for line in logged.lines:
            assert marker not in line
        for answer in broken:
            assert marker not in answer.text
        assert marker not in metrics.text
        assert marker not in audit
        assert marker not in str(pager.pages)
        assert holding(house.services.settings.data_dir, marker) == []
    console.close()
    visitor.close()
    erase(house.services, conversation, "command")
    assert holding(house.services.settings.data_dir, conversation) == []


@pytest.fixture
def admin(ward: Ward) -> Nurse:
    return ward.nurse("Ada Admin", Role.ADMIN)


def test_c21_c17_search_finds_names_words_and_cases_by_keyboard_alone(ward: Ward, admin: Nurse):
    conversation = ward.patient(f"since friday the crown is {TEXT} and tight")
    ward.enrol(conversation, NAME, 30)
    case = ward.patient(URGENT)
    number = ward.case(case).id
    page, asked = admin.page, []
    page.on("request", lambda request: asked.append(request.url))
    admin.inbox()
    page.keyboard.press("/")
    page.wait_for_url("**/console/search")
    expect(page.get_by_label("Name, words of a message, case or code")).to_be_focused()
    page.keyboard.type(TEXT[:8].lower())
    hit = page.locator(f'.hits a[href^="/console/conversations/{conversation}"]')
    expect(hit.locator("mark")).to_have_text(TEXT)
    page.keyboard.press("Control+a")
    page.keyboard.type(NAME[:3].lower())
    expect(hit.first).to_contain_text(NAME)
    page.keyboard.press("Control+a")
    page.keyboard.type(f"case {number}")
    other = page.locator(f'.hits a[href="/console/conversations/{case}"]')
    expect(other).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type('"crown is')
    expect(hit.locator("mark").first).to_have_text("crown")
    expect(page.locator("#said")).to_contain_text("1 result")
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/conversations/{conversation}#m*")
    assert not [url for url in asked if TEXT[:4].lower() in url.lower() or "crown" in url]


def test_c39_the_search_page_is_accessible_and_works_without_scripts(ward: Ward, admin: Nurse):
    conversation = ward.patient("a peculiar itch")
    admin.page.goto("/console/search")
    admin.page.keyboard.type("peculiar")
    expect(admin.page.locator(".hits a")).to_have_count(1)
    assert (
        Axe().run(admin.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).violations_count == 0
    )
    http = admin.http()
    plain = http.post("/console/search", data={"words": "peculiar"}, headers={"HX-Request": ""})
    assert plain.status_code == 200
    assert conversation in plain.text


def test_c30_only_admins_export_and_erase_and_denials_are_noted(ward: Ward, admin: Nurse):
    conversation = ward.patient("please forget me")
    nurse = ward.nurse("Ben Ito")
    page = nurse.opens(conversation)
    expect(page.get_by_role("link", name="Export or erase their data")).to_have_count(0)
    http = nurse.http()
    for answer in (
        http.get(f"/console/conversations/{conversation}/data"),
        http.post(f"/console/conversations/{conversation}/data/export"),
        http.post(f"/console/conversations/{conversation}/data/erase", data={"code": conversation[:4]}),
    ):
        assert answer.status_code == 403
    denied = [line for line in ward.house.audit() if line.action == "denied" and line.conversation_id == conversation]
    assert len(denied) == 3
    assert ward.house.messages(conversation)


def test_t20_a_patient_s_wish_to_be_deleted_is_seen_to_in_the_console(ward: Ward, admin: Nurse):
    conversation = ward.patient(f"delete my data {TEXT}")
    page = admin.opens(conversation)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Export or erase their data").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the archive").click()
    archive = zipfile.ZipFile(waiting.value.path())
    assert TEXT in archive.read("data.json").decode()
    page.get_by_label("Type", exact=False).fill("nope")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was erased")
    assert ward.house.messages(conversation)
    page.get_by_label("Type", exact=False).fill(conversation[:4])
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="The patient is erased")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Backups made before still hold them")
    assert ward.house.messages(conversation) == []
    line = ward.house.audit()[-1]
    assert (line.action, line.actor) == ("patient_erased", f"staff:{admin.staff.id}")
