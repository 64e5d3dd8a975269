"""Getting in, staying out, and one-time links."""

import dataclasses
import re
from datetime import timedelta

import pytest
from fastapi import Response

from bot.console.auth import safe_next
from bot.console.console import Console
from bot.console.presence import Presence
from bot.console.replies import Replies
from bot.console.sessions import Started, set_cookie
from bot.console.signs import Signs
from bot.staff import first_run_link, make_sign_in_link
from bot.store.tables import Staff, StaffSession

from .conftest import PASSWORD

WELCOME = {"name": "Ana Silva", "title": "Nurse", "email": "ana@clinic.example", "password": PASSWORD}


def test_the_first_run_link_makes_the_first_admin_once(bare):
    link = first_run_link(bare.services)
    assert link.startswith("http://localhost:8000/console/welcome/")
    client = bare.outsider()
    assert "Set up your account" in client.get(link).text
    assert client.get(link).status_code == 200  # looking does not use it up
    answer = client.post(link, data=WELCOME)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert client.get("/console/staff").status_code == 200
    assert first_run_link(bare.services) is None
    again = bare.outsider()
    assert again.get(link).status_code == 404
    assert again.post(link, data={**WELCOME, "password": "another long password"}).status_code == 404


def test_a_new_first_run_link_replaces_the_last(bare):
    first, second = first_run_link(bare.services), first_run_link(bare.services)
    assert bare.outsider().get(first).status_code == 404
    assert bare.outsider().get(second).status_code == 200
    with bare.services.store.read() as session:
        assert session.query(Staff).count() == 1


def test_a_link_ends_after_three_days(house):
    token = make_sign_in_link(house.services.store, house.clock, house.staff["ben"].id)
    house.clock.advance(timedelta(hours=72))
    assert house.outsider().get(f"/console/welcome/{token}").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short"}, "12 characters"),
        ({"password": "a" * 20}, "easily guessed"),
        ({"email": "nobody"}, "e-mail address"),
        ({"email": "ben@clinic.example"}, "this e-mail already"),
        ({"name": " "}, "Write a name"),
    ],
)
def test_a_wrong_field_keeps_the_link_and_says_the_mend(house, change, words):
    token = make_sign_in_link(house.services.store, house.clock, house.staff["ana"].id)
    client = house.outsider()
    answer = client.post(f"/console/welcome/{token}", data={**WELCOME, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error:" in answer.text
    assert client.post(f"/console/welcome/{token}", data=WELCOME).status_code == 303


def test_a_new_password_signs_the_old_sessions_out(house, ben):
    token = make_sign_in_link(house.services.store, house.clock, ben.staff.id)
    data = {"name": "Ben Ito", "email": "ben@clinic.example", "password": "a different sentence"}
    assert house.outsider().post(f"/console/welcome/{token}", data=data).status_code == 303
    assert ben.get("/console").status_code == 303


@pytest.mark.parametrize("email", ["ana@clinic.example", "nobody@clinic.example"])
def test_the_error_does_not_say_who_exists(house, email):
    answer = house.outsider().post("/console/sign-in", data={"email": email, "password": "wrong wrong wrong"})
    assert answer.status_code == 422
    assert "The e-mail or the password is not right." in answer.text


def test_ten_failures_make_even_the_right_password_wait(house):
    client = house.outsider()
    for _ in range(10):
        client.post("/console/sign-in", data={"email": "ana@clinic.example", "password": "wrong wrong wrong"})
    right = {"email": "ana@clinic.example", "password": PASSWORD}
    assert "Too many tries" in client.post("/console/sign-in", data=right).text
    house.clock.advance(timedelta(minutes=15))
    assert client.post("/console/sign-in", data=right).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8000"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"}, 303),
    ],
)
def test_sign_in_from_another_site_is_refused(house, headers, status):
    data = {"email": "ana@clinic.example", "password": PASSWORD}
    answer = house.outsider().post("/console/sign-in", data=data, headers=headers)
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) is (status == 303)


def test_the_cookie_is_for_our_server_alone(house):
    data = {"email": "ana@clinic.example", "password": PASSWORD}
    cookie = house.outsider().post("/console/sign-in", data=data).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/;" in cookie
    with house.services.store.read() as session:
        stored = session.query(StaffSession).one().token_hash
    assert stored not in cookie


def test_behind_https_the_cookie_is_bound_to_the_host(house):
    response = Response()
    settings = house.services.settings.model_copy(update={"public_url": "https://care.clinic.example"})
    console = Console(dataclasses.replace(house.services, settings=settings), Signs(), Replies(), Presence())
    set_cookie(console, response, Started("token", "csrf", house.clock.now()))
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-aftercare_session=token;")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_session_ends_after_twelve_hours(house, ana):
    house.clock.advance(timedelta(hours=12))
    assert ana.get("/console").status_code == 303


def test_signing_out_ends_the_session_on_the_server(house, ana):
    cookie = dict(ana.client.cookies)
    assert ana.post("/console/sign-out").status_code == 303
    thief = house.outsider()
    thief.cookies.update(cookie)
    assert thief.get("/console").status_code == 303


def test_a_script_renews_a_session_for_the_same_person_only(house, ana):
    ana.client.cookies.clear()
    headers = {"HX-Request": "true"}
    data = {"email": "ben@clinic.example", "password": PASSWORD, "staff_id": str(ana.staff.id)}
    assert ana.client.post("/console/sign-in", data=data, headers=headers).status_code == 422
    answer = ana.client.post("/console/sign-in", data={**data, "email": "ana@clinic.example"}, headers=headers)
    assert answer.json().keys() == {"csrf", "left"}
    assert ana.get("/console").status_code == 200


def renewed(browser, key: str = "ana"):
    """The browser signs in again, by a script of its page."""
    data = {"email": f"{key}@clinic.example", "password": PASSWORD, "staff_id": str(browser.staff.id)}
    return browser.client.post("/console/sign-in", data=data, headers={"HX-Request": "true"})


def test_signing_in_again_keeps_the_session_that_another_tab_has_begun(house, ana):
    assert renewed(ana).json()["csrf"] == ana.csrf
    assert ana.script("/console/session").status_code == 200
    with house.services.store.read() as session:
        assert session.query(StaffSession).count() == 1


def test_signing_in_again_near_the_end_begins_another_session_instead(house, ana):
    house.clock.advance(timedelta(hours=11, minutes=56))
    answer = renewed(ana).json()
    assert answer["csrf"] != ana.csrf
    assert answer["left"] > 11 * 3600
    with house.services.store.read() as session:
        assert session.query(StaffSession).count() == 1


def test_somebody_else_who_signs_in_in_a_browser_ends_the_session_it_had(house, ana):
    data = {"email": "ben@clinic.example", "password": PASSWORD}
    ana.client.post("/console/sign-in", data=data)
    with house.services.store.read() as session:
        assert session.query(StaffSession).one().staff_id == house.staff["ben"].id


def test_a_script_learns_whose_session_the_browser_has(house, ana):
    told = ana.get("/console/session", headers={"Accept": "application/json"}).json()
    assert told == {"member": ana.staff.id, "name": "Ana Silva", "csrf": ana.csrf, "left": 12 * 3600}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/console?tab=closed", "/console?tab=closed"),
        ("/console/conversations/abc123", "/console/conversations/abc123"),
        ("//evil.example", "/console"),
        ("/console//evil.example", "/console"),
        ("/console/../x", "/console"),
        ("https://evil.example/console", "/console"),
        ("/console\\evil", "/console"),
        ("", "/console"),
    ],
)
def test_next_leads_to_our_own_pages_only(wanted, given):
    assert safe_next(wanted) == given


def test_next_survives_the_sign_in(house):
    client = house.outsider()
    sent = client.get("/console?tab=closed&tier=urgent")
    assert sent.status_code == 303
    page = client.get(sent.headers["location"]).text
    going = re.search(r'name="next" value="([^"]+)"', page)[1].replace("&amp;", "&")
    assert going == "/console?tab=closed&tier=urgent"
