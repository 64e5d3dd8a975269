"""Settings: first steps that tick themselves off, the protocol and its approvals, Telegram's state, staff and roles."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.care.approvals import approvals_file
from bot.care.clinic_sections import Privacy
from bot.channels.telegram.health import Health
from bot.commands.approving import sign
from bot.console import setting_data
from bot.settings import ROOT
from bot.store.tables import Audit, Conversation, Role, Staff
from tests.doubles.bot_api import TelegramDouble

from .conftest import NOON, House

PAGES = {
    "/console/settings": "admin",
    "/console/settings/protocol": "reviewer",
    "/console/settings/website": "admin",
    "/console/settings/telegram": "admin",
    "/console/settings/data": "reviewer",
    "/console/staff": "admin",
    "/console/reports": "reviewer",
    "/console/review": "reviewer",
}


@pytest.fixture
def clinic_file(house: House, tmp_path):
    """A clinic.yml of this test's own."""
    file = tmp_path / "clinic.yml"
    shutil.copy(ROOT / "clinic.yml", file)
    change(house, clinic_file=file)
    return file


def change(house: House, **settings) -> None:
    """Other settings for the console that is there."""
    console = house.app.state.console
    services = replace(console.services, settings=console.services.settings.model_copy(update=settings))
    house.app.state.console = replace(console, services=services)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_for_its_roles_and_no_others(address, ana, ben, rae):
    open_to_all = PAGES[address] == "reviewer"
    assert ana.get(address).status_code == 200
    for browser in (ben, rae):
        answer = browser.get(address)
        assert answer.status_code == (200 if open_to_all else 403), address
        if not open_to_all:
            assert "Only admins" in answer.text


def test_nobody_is_led_to_a_page_that_refuses_them(ana, ben, rae):
    for browser in (ana, ben, rae):
        for address in set(
            re.findall(r'href="(/console/(?:settings|staff)[\w/]*)"', browser.get("/console/reports").text)
        ):
            page = browser.get(address)
            assert page.status_code == 200
            for inner in set(re.findall(r'href="(/console/(?:settings|staff)[\w/]*)"', page.text)):
                assert browser.get(inner).status_code == 200, inner


def ticked(browser) -> list[bool]:
    return [
        one == " is-done" for one in re.findall(r'class="first-step( is-done)?"', browser.get("/console/settings").text)
    ]


def test_first_steps_tick_themselves_off(house, ana, clinic_file):
    with house.services.store.write() as session:
        session.query(Staff).filter(Staff.role != Role.ADMIN).update({"disabled_at": NOON})
    assert ticked(ana) == [False] * 6 + [True], "the tests give the encryption key apart"
    message = house.patient("p", "there is pus coming out of a spot")
    assert ticked(ana) == [True, False, False, False, False, False, True]
    house.services.desk.take_over(ana.staff, message.conversation_id)
    house.services.desk.reply(ana.staff, message.conversation_id, "I am here", key="k", last_seen=message.id)
    assert ticked(ana)[1] == (house.messages(message.conversation_id)[-1].delivery == "sent")
    change(house, widget_origins="https://www.clinic.example")
    assert ticked(ana)[2]
    sign(clinic_file, "Dr Ana Silva", "all", NOON)
    assert ticked(ana)[3]
    with house.services.store.write() as session:
        session.query(Staff).filter(Staff.role == Role.CLINICIAN).update({"disabled_at": None})
    assert ticked(ana) == [True] * 5 + [False, True]
    change(house, alert_urls=SecretStr("json://127.0.0.1:9/"))
    assert ticked(ana) == [True] * 7
    assert "All done." in ana.get("/console/settings").text


def test_the_protocol_says_who_approved_what_and_what_is_open(house, rae, clinic_file):
    html = rae.get("/console/settings/protocol").text
    assert "No minoxidil for 24 hours after a session" in html
    assert "rows are not approved" in html
    sign(clinic_file, "Dr <Ana> Silva", "protocol.wash_h", NOON)
    html = rae.get("/console/settings/protocol").text
    assert "Dr &lt;Ana&gt; Silva, today 12:00" in html
    assert html.count("is-approved") == 1
    clinic_file.write_text(clinic_file.read_text().replace("wash_h: 24", "wash_h: 36"))
    html = rae.get("/console/settings/protocol").text
    assert "approved 24 (today 12:00); it was changed since" in html
    assert "your own figure" in html
    sign(clinic_file, "Dr Ana Silva", "all", NOON)
    assert "Every row is approved" in rae.get("/console/settings/protocol").text
    approvals_file(clinic_file).write_text("{")
    assert "not valid YAML" in rae.get("/console/settings/protocol").text


def test_the_snippet_is_this_bots_and_the_policy_names_its_host_alone(house, ana):
    change(house, public_url="https://chat.clinic.example", secure_cookies=False)
    answer = ana.get("/console/settings/website")
    assert "&lt;script src=&#34;https://chat.clinic.example/widget/aftercare-widget.js&#34;" in answer.text
    assert "script-src https://chat.clinic.example; connect-src https://chat.clinic.example" in answer.text
    assert "No other site may use it yet" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-src" not in ana.get("/console/settings").headers["content-security-policy"]
    change(house, widget_origins="https://www.clinic.example")
    assert "https://www.clinic.example" in ana.get("/console/settings/website").text


def test_every_retention_figure_has_a_name_and_is_shown_as_set(house, rae):
    figures = {key for key in Privacy.model_fields if key.endswith(("_days", "_hours"))}
    assert figures == set(setting_data._NAMES)
    privacy = house.services.clinic.privacy.model_copy(update={"chat_days": 44, "photo_days": None})
    console = house.app.state.console
    clinic = house.services.clinic.model_copy(update={"privacy": privacy})
    house.app.state.console = replace(console, services=replace(console.services, clinic=clinic))
    html = rae.get("/console/settings/data").text
    assert "44 days" in html
    assert "until it is erased" in html
    message = house.patient("p", "hello")
    with house.services.store.write() as session:
        session.get_one(Conversation, message.conversation_id).patient.training_at = NOON
    html = rae.get("/console/settings/data").text
    assert re.search(r"Patients who agreed to training</dt><dd>1<", html)


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    with TelegramDouble() as server:
        yield server


def on_telegram(house: House, double: TelegramDouble, **settings) -> Health:
    change(house, telegram_token=SecretStr(double.token), telegram_api_base=double.base_url, **settings)
    house.app.state.telegram = Health(house.clock, "polling", NOON)
    return house.app.state.telegram


def checked(browser) -> dict[str, tuple[str, str]]:
    html = browser.get("/console/settings/telegram").text
    rows = re.findall(r'check-row is-(\w+)">\s*<h2>([^<]+)</h2>.*?<div>(.*?)</div>', html, re.DOTALL)
    return {name: (state, re.sub(r"<[^>]+>", " ", says)) for state, name, says in rows}


def test_without_a_token_telegram_says_how_to_get_one(ana):
    [(state, says)] = checked(ana).values()
    assert state == "note"
    assert "@BotFather" in says


def test_telegram_is_asked_and_all_is_well(house, ana, double):
    on_telegram(house, double)
    found = checked(ana)
    assert {state for state, _ in found.values()} == {"good"}
    assert "@fern_test_bot" in found["Bot"][1]
    assert "0 updates wait" in found["Waiting"][1]
    assert double.token not in ana.get("/console/settings/telegram").text


def test_a_conflict_is_said_with_its_mend(house, ana, double):
    health = on_telegram(house, double)
    health.failed("Conflict")
    state, says = checked(ana)["Conflict"]
    assert state == "bad"
    assert "409" in says
    assert "Stop the other program" in says
    health.reached()
    state, says = checked(ana)["Conflict"]
    assert (state, "last today 12:00" in says) == ("note", True)
    assert "reached since" in checked(ana)["Last error"][1]


def test_a_wrong_token_is_told_from_a_telegram_that_is_away(house, ana, double):
    on_telegram(house, double)
    change(house, telegram_token=SecretStr("1234567890:" + "x" * 35))
    assert "refuses the token" in checked(ana)["Bot"][1]
    change(house, telegram_api_base="http://127.0.0.1:9")
    assert "cannot be reached" in checked(ana)["Bot"][1]


def test_updates_that_go_elsewhere_are_noticed(house, ana, double):
    on_telegram(house, double)
    double.state.webhook.url = "https://other.example/secret-path"
    state, says = checked(ana)["Way in"]
    assert (state, "other.example" in says) == ("bad", True)
    assert "secret-path" not in ana.get("/console/settings/telegram").text
    change(house, telegram_mode="webhook", public_url="https://chat.clinic.example", secure_cookies=False)
    assert checked(ana)["Way in"][0] == "bad"
    double.state.webhook.url = "https://chat.clinic.example/telegram/webhook"
    assert checked(ana)["Way in"][0] == "good"


def person(browser, name: str) -> str:
    html = browser.get("/console/staff").text
    return next(one for one in html.split('<li class="person')[1:] if name in one)


def test_a_role_is_changed_at_once_and_its_sessions_end(house, ana, ben, enter):
    assert ben.get("/console/sessions").status_code == 200
    assert ana.post(f"/console/staff/{ben.staff.id}/role", {"role": "reviewer"}).status_code == 303
    assert ben.get("/console").status_code == 303  # signed out
    again = enter("ben")
    assert again.get("/console/sessions").status_code == 403
    assert "Reviewer" in person(ana, "Ben Ito")
    assert ana.post(f"/console/staff/{ben.staff.id}/role", {"role": "emperor"}).status_code == 409
    with house.services.store.read() as session:
        assert session.query(Audit).filter(Audit.action == "staff_role_changed").count() == 1


def test_sessions_end_everywhere_and_the_account_stays(ana, ben, enter):
    enter("ben")
    assert "signed in on 2 browsers" in person(ana, "Ben Ito")
    assert ana.post(f"/console/staff/{ben.staff.id}/sign-out").status_code == 303
    assert ben.get("/console").status_code == 303
    assert "not signed in" in person(ana, "Ben Ito")
    assert enter("ben").get("/console").status_code == 200


def test_a_disabled_account_gets_its_access_back(ana, ben, enter):
    ana.post(f"/console/staff/{ben.staff.id}/disable")
    assert "no access since today 12:00" in person(ana, "Ben Ito")
    ana.post(f"/console/staff/{ben.staff.id}/enable")
    assert enter("ben").get("/console").status_code == 200


def test_the_last_admin_and_oneself_stay_as_they_are(house, ana, ben):
    for verb in ("role", "disable"):
        answer = ana.post(f"/console/staff/{ana.staff.id}/{verb}", {"role": "reviewer"})
        assert answer.status_code == 409
        assert "ask another admin" in answer.text
    assert ana.post("/console/staff/9999/role", {"role": "admin"}).status_code == 409
    ana.post(f"/console/staff/{ben.staff.id}/role", {"role": "admin"})
    with house.services.store.read() as session:
        assert session.get_one(Staff, ben.staff.id).role is Role.ADMIN


def test_reviewers_and_clinicians_change_nothing_about_staff(enter):
    for who in ("ben", "rae"):
        browser = enter(who)
        for verb in ("role", "sign-out", "disable", "enable", "link"):
            assert browser.post(f"/console/staff/1/{verb}", {"role": "admin"}).status_code == 403
