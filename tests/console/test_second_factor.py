"""The second factor, own sessions, and waits that lock nobody out for long."""

import base64
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fastapi.testclient import TestClient

from bot.console.sessions import browser_of
from bot.store.tables import Audit, RecoveryCode, StaffFactor, StaffSession

from .conftest import PASSWORD, csrf_of

STEP = timedelta(seconds=30)
WRONG_PASSWORD = "wrong wrong wrong"


def app_code(house, key: str, off: timedelta = timedelta(0)) -> str:
    """What an authenticator app with this key shows, its clock so much off."""
    secret = base64.b32decode(key.replace(" ", ""))
    at = int((house.clock.now() + off).timestamp())
    return TOTP(secret, 6, SHA1(), 30).generate(at).decode()  # noqa: S303 - what the apps use


def set_up(house, browser) -> tuple[str, list[str]]:
    """Turn the factor on. Out: the key, and the recovery codes."""
    assert browser.post("/console/account/factor/begin", {"password": PASSWORD}).status_code == 303
    page = browser.get("/console/account").text
    assert "<svg" in page
    key = re.search(r'Key: <code class="mono">([A-Z2-7 ]+)<', page)[1]
    on = browser.post("/console/account/factor/confirm", {"code": app_code(house, key)})
    assert on.status_code == 200, on.text
    browser.csrf = csrf_of(on.text)
    return key, re.findall(r"<code>([A-Z2-7-]{19})</code>", on.text)


def password_step(house, key: str = "ben", client: TestClient | None = None) -> tuple[TestClient, str]:
    client = client or house.outsider()
    answer = client.post("/console/sign-in", data={"email": f"{key}@clinic.example", "password": PASSWORD})
    return client, answer.text


def code_step(client: TestClient, code: str) -> int:
    return client.post("/console/sign-in/code", data={"code": code}).status_code


def test_with_a_second_factor_the_password_alone_opens_nothing(house, ben):
    key, codes = set_up(house, ben)
    assert len(set(codes)) == 10
    house.clock.advance(STEP)
    client, page = password_step(house)
    assert "One more step" in page
    assert client.get("/console").status_code == 303
    assert code_step(client, "000000") == 422
    assert client.get("/console").status_code == 303
    assert code_step(client, app_code(house, key)) == 303
    assert client.get("/console").status_code == 200


def test_a_code_works_once(house, ben):
    key, _ = set_up(house, ben)
    house.clock.advance(STEP)
    code = app_code(house, key)
    assert code_step(password_step(house)[0], code) == 303
    assert code_step(password_step(house)[0], code) == 422
    assert code_step(password_step(house)[0], app_code(house, key, -STEP)) == 422  # nor does an older one


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_phone_s_clock_may_be_one_step_off(house, ben, steps, status):
    key, _ = set_up(house, ben)
    house.clock.advance(10 * STEP)
    assert code_step(password_step(house)[0], app_code(house, key, steps * STEP)) == status


def test_a_recovery_code_signs_in_once(house, ben):
    _, codes = set_up(house, ben)
    assert code_step(password_step(house)[0], codes[0].lower()) == 303
    assert code_step(password_step(house)[0], codes[0]) == 422
    assert code_step(password_step(house)[0], codes[1].replace("-", " ")) == 303


def test_secret_and_recovery_codes_are_not_readable_in_the_database(house, ben):
    key, codes = set_up(house, ben)
    with house.services.store.engine.connect() as connection:
        [secret] = connection.exec_driver_sql("SELECT secret FROM staff_factors").scalars()
        hashes = list(connection.exec_driver_sql("SELECT code_hash FROM recovery_codes").scalars())
    assert secret.startswith("sealed:")
    assert key.replace(" ", "") not in secret
    assert not {code.replace("-", "") for code in codes} & set(hashes)


def test_half_way_in_ends_after_ten_minutes_and_with_another_password(house, ben, monkeypatch):
    key, _ = set_up(house, ben)
    client, _ = password_step(house)
    with house.services.store.write() as session:
        from bot.store.tables import Staff

        session.query(Staff).filter(Staff.id == ben.staff.id).update({"password_hash": "another"})
    house.clock.advance(STEP)
    assert code_step(client, app_code(house, key)) == 422
    assert code_step(house.outsider(), app_code(house, key)) == 422


def test_a_one_time_link_does_not_go_past_the_second_factor(house, ana, ben):
    set_up(house, ben)
    assert ana.post(f"/console/staff/{ben.staff.id}/link").status_code == 303
    link = re.search(r'id="link"[^>]*value="([^"]+)"', ana.get("/console/staff").text)[1]
    client = house.outsider()
    data = {"name": "Ben Ito", "title": "Dr", "email": "ben@clinic.example", "password": "a different sentence"}
    assert "One more step" in client.post(link, data=data).text
    assert client.get("/console").status_code == 303


def test_where_the_clinic_asks_for_it_nothing_opens_before_it_is_set_up(house, ben, monkeypatch):
    settings = house.services.settings.model_copy(update={"require_totp": True})
    object.__setattr__(house.services, "settings", settings)
    answer = ben.get("/console")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/account")
    scripted = ben.get("/console", headers={"HX-Request": "true"})
    assert (scripted.status_code, scripted.headers["hx-redirect"]) == (403, "/console/account")
    set_up(house, ben)
    assert ben.get("/console").status_code == 200
    assert ben.post("/console/account/factor/off", {"code": "x"}).status_code == 403


def test_beginning_needs_the_password(house, ben):
    refused = ben.post("/console/account/factor/begin", {"password": WRONG_PASSWORD})
    assert refused.status_code == 422
    with house.services.store.read() as session:
        assert session.query(StaffFactor).count() == 0


def test_turning_it_on_gives_another_session_and_ends_the_others(house, enter, ben):
    elsewhere, before = enter("ben"), dict(ben.client.cookies)
    set_up(house, ben)
    assert elsewhere.get("/console").status_code == 303
    assert ben.get("/console").status_code == 200
    thief = house.outsider()
    thief.cookies.update({"aftercare_session": before["aftercare_session"]})
    assert thief.get("/console").status_code == 303


def test_turning_it_off_needs_a_code(house, ben):
    key, _ = set_up(house, ben)
    assert ben.post("/console/account/factor/off", {"code": "123456"}).status_code == 422
    house.clock.advance(STEP)
    assert ben.post("/console/account/factor/off", {"code": app_code(house, key)}).status_code == 303
    with house.services.store.read() as session:
        assert session.query(StaffFactor).count() + session.query(RecoveryCode).count() == 0


def test_an_admin_resets_a_colleague_s_factor_and_it_is_written_down(house, ana, ben):
    set_up(house, ben)
    assert "Reset second factor" in ana.get("/console/staff").text
    assert ana.post(f"/console/staff/{ben.staff.id}/reset-factor").status_code == 303
    assert ben.get("/console").status_code == 303
    client, _ = password_step(house)
    assert client.get("/console").status_code == 200
    with house.services.store.read() as session:
        line = session.query(Audit).filter(Audit.action == "factor_reset").one()
    assert (line.actor, line.detail) == (f"staff:{ana.staff.id}", {"staff_id": ben.staff.id})
    assert ana.post(f"/console/staff/{ana.staff.id}/reset-factor").status_code == 409


def test_signing_in_again_in_place_asks_for_the_code_too(house, ben):
    key, _ = set_up(house, ben)
    assert 'id="again-code"' in ben.get("/console").text
    data = {"email": "ben@clinic.example", "password": PASSWORD, "staff_id": str(ben.staff.id)}
    headers = {"HX-Request": "true"}
    assert ben.client.post("/console/sign-in", data=data, headers=headers).status_code == 422
    house.clock.advance(STEP)
    data["code"] = app_code(house, key)
    assert ben.client.post("/console/sign-in", data=data, headers=headers).json().keys() == {"csrf", "left"}
    with house.services.store.read() as session:
        assert session.query(StaffSession).count() == 1  # the one before is gone


def test_codes_cannot_be_guessed_at_leisure(house, ben):
    key, _ = set_up(house, ben)
    client, _ = password_step(house)
    for _ in range(10):
        code_step(client, "000000")
    house.clock.advance(STEP)
    answer = client.post("/console/sign-in/code", data={"code": app_code(house, key)})
    assert "Too many tries. Try again in 15" in answer.text or "Too many tries. Try again in 14" in answer.text


def test_failures_elsewhere_do_not_lock_out_a_browser_that_signed_in_before(house, ben):
    known, stranger = ben.client, house.outsider()
    for _ in range(30):
        stranger.post("/console/sign-in", data={"email": "ben@clinic.example", "password": WRONG_PASSWORD})
    assert "Too many tries" in password_step(house, "ben", stranger)[1]
    ben.post("/console/sign-out")
    assert password_step(house, "ben", known)[0].get("/console").status_code == 200


def test_a_made_up_cookie_is_no_known_browser(house, ben):
    stranger = house.outsider()
    mark, signature = ben.client.cookies["aftercare_known"].split(".")
    stranger.cookies.set("aftercare_known", f"{mark[::-1]}.{signature}")
    for _ in range(10):
        stranger.post("/console/sign-in", data={"email": "ben@clinic.example", "password": WRONG_PASSWORD})
    assert "Too many tries" in password_step(house, "ben", house.outsider())[1]


def test_failures_count_for_the_account_from_all_addresses_together(house, ben):
    addresses = [TestClient(house.app, follow_redirects=False, client=(f"10.0.0.{n}", 1)) for n in range(1, 5)]
    for client in addresses[:3]:
        for _ in range(7):
            client.post("/console/sign-in", data={"email": "ben@clinic.example", "password": WRONG_PASSWORD})
    assert "Too many tries" in password_step(house, "ben", addresses[3])[1]
    assert "Too many tries" not in password_step(house, "ana", addresses[3])[1]


@pytest.fixture
def two_hours(house) -> None:
    """Sessions end after two hours of nothing, as by default."""
    settings = house.services.settings.model_copy(update={"session_idle_minutes": 120})
    object.__setattr__(house.services, "settings", settings)


@pytest.mark.usefixtures("two_hours")
def test_an_idle_session_ends_and_what_a_page_asks_by_itself_does_not_keep_it(house, ben):
    house.clock.advance(timedelta(minutes=100))
    assert ben.get("/console").status_code == 200  # somebody is there
    house.clock.advance(timedelta(minutes=100))
    assert ben.get("/console", headers={"HX-Request": "true"}).status_code == 200
    assert ben.get("/console/session", headers={"Accept": "application/json"}).status_code == 200
    house.clock.advance(timedelta(minutes=20))
    assert ben.get("/console").status_code == 303


@pytest.mark.usefixtures("two_hours")
def test_saying_that_one_is_here_puts_the_end_off(house, ben):
    house.clock.advance(timedelta(minutes=119))
    before = ben.get("/console/session", headers={"Accept": "application/json"}).json()["left"]
    after = ben.script("/console/session").json()["left"]
    assert after > before


def test_one_sees_where_one_is_signed_in_and_ends_it(house, enter, ben):
    enter("ben")
    page = ben.get("/console/account").text
    assert page.count("last used") == 2
    assert page.count("(this one)") == 1
    assert ben.post("/console/account/end-others").status_code == 303
    assert ben.get("/console/account").text.count("last used") == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("", "A browser"),
    ],
)
def test_a_browser_in_plain_words(agent, words):
    assert browser_of(agent) == words
