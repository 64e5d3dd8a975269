"""New sessions: the form, its links and codes, the printed sheet, and what of it stands in addresses and logs."""

import re
from types import SimpleNamespace

import pytest

from bot.console.qr import qr
from bot.conversation.choices import Choice
from bot.conversation.outbox import enqueue
from bot.conversation.receive import conversation_of
from bot.store.tables import Audit, Author, CareRecord, Enrolment, TreatmentRow

FORM = {
    "called": "Mia K.",
    "ended_at": "2026-11-18T10:30",
    "depth_mm": "1,5",
    "area": "crown",
    "device": "pen",
    "done_by": "Dr Ito",
    "instruction": "minox_after_h",
    "wait": "72",
}


def made(browser, **changed) -> str:
    answer = browser.post("/console/sessions", {**FORM, **changed})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def links(page: str) -> list[str]:
    return re.findall(r'readonly value="([^"]+)"', page)


def actions(house) -> list[str]:
    with house.services.store.read() as session:
        return [row.action for row in session.query(Audit).order_by(Audit.id)]


def test_a_session_is_kept_with_the_little_that_was_asked(house, ben):
    place = made(ben)
    assert place == "/console/sessions/1"
    with house.services.store.read() as session:
        row = session.query(TreatmentRow).one()
        assert (row.ended_at.isoformat(), row.certainty, row.depth_mm) == ("2026-11-18T10:30:00+00:00", "recorded", 1.5)
        assert (row.area, row.device, row.done_by, row.personal) == ("crown", "pen", "Dr Ito", {"minox_after_h": 72})
        assert row.told_by == f"staff:{ben.staff.id}"
        assert session.query(CareRecord).one().called == "Mia K."


def test_the_maker_sees_both_links_and_their_codes(house, ben):
    house.app.state.telegram = SimpleNamespace(username="fern_bot")
    page = ben.get(made(ben)).text
    web, telegram = links(page)
    token = web.removeprefix("http://localhost:8000/#aftercare=")
    assert telegram == f"https://t.me/fern_bot?start={token}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token)
    assert page.count("<svg xmlns") + page.count('class="qr"') >= 2


def test_without_telegram_there_is_the_web_link_alone(ben):
    assert len(links(ben.get(made(ben)).text)) == 1


def test_nobody_else_sees_the_link_but_may_make_a_new_one(house, ben, ana):
    place = made(ben)
    assert not links(ana.get(place).text)
    renewed = ana.post(f"{place}/link")
    assert renewed.headers["location"] == "/console/sessions/2"
    assert links(ana.get("/console/sessions/2").text)
    assert "Replaced by a newer link" in ben.get(place).text
    assert not links(ben.get(place).text)


def test_in_another_session_of_the_maker_the_link_is_gone(ben, enter):
    place = made(ben)
    assert not links(enter("ben").get(place).text)


def test_the_sheet_has_the_patients_own_dates_numbers_signs_and_code(house, ben):
    page = ben.get(f"{made(ben)}/sheet").text
    contacts = house.services.clinic.contacts
    for words in (
        "Wednesday 18 November 2026 at 10:30",  # when it ended
        "Thursday 19 November 2026 at 10:30",  # washing
        "Saturday 21 November 2026 at 10:30",  # minoxidil, by the personal instruction
        contacts.phone,
        contacts.out_of_hours_phone,
        f"Call {contacts.emergency_number} at once",
        "Mia K.",
        "<svg",
    ):
        assert words in page
    assert not re.search(r"\b(today|tomorrow|yesterday)\b", page)


def test_making_opening_and_printing_are_in_the_audit_without_name_or_token(house, ben):
    place = made(ben)
    token = links(ben.get(place).text)[0].partition("=")[2]
    ben.get(f"{place}/sheet")
    assert [one for one in actions(house) if one not in ("signed_in",)] == [
        "enrolment_created",
        "enrolment_viewed",
        "sheet_printed",
    ]
    with house.services.store.read() as session:
        kept = str([row.detail for row in session.query(Audit)])
        assert token not in kept + session.query(Enrolment).one().token_hash
    assert "Mia" not in kept


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("called", " ", "first name, initials"),
        ("called", "mia@example.org", "first name, initials"),
        ("called", "x" * 41, "at most 40"),
        ("ended_at", "2026-11-19T10:30", "in the future"),
        ("ended_at", "yesterday", "day and time"),
        ("depth_mm", "9", "between 0.1 and 3"),
        ("instruction", "no_such_key", "Choose what"),
        ("instruction", "", "Choose what"),
        ("wait", "12", "24 to 336"),
        ("wait", "nan", "24 to 336"),
        ("wait", "", "24 to 336"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_lost(house, ben, field, value, mend):
    answer = ben.post("/console/sessions", {**FORM, field: value})
    assert answer.status_code == 422
    assert mend in answer.text
    assert 'value="crown"' in answer.text
    with house.services.store.read() as session:
        assert session.query(Enrolment).count() == 0


def test_another_session_of_the_same_patient(house, ben):
    made(ben)
    assert "Another session of Mia K." in ben.get("/console/sessions?record=1").text
    made(ben, record="1", ended_at="2026-11-18T11:30")
    with house.services.store.read() as session:
        assert session.query(CareRecord).count() == 1
        assert session.query(Enrolment).count() == 2
    assert ben.post("/console/sessions", {**FORM, "record": "99"}).status_code == 409


def test_reviewers_and_outsiders_see_no_session(house, ben, rae):
    place = made(ben)
    for address in ("/console/sessions", place, f"{place}/sheet"):
        assert rae.get(address).status_code == 403
        assert house.outsider().get(address).status_code == 303
    assert rae.post("/console/sessions", FORM).status_code == 403
    assert rae.post(f"{place}/link").status_code == 403
    assert "New session" not in rae.get("/console").text


@pytest.mark.parametrize(
    "address", ["/console/sessions/99", "/console/sessions/99/sheet", "/console/sessions/9999999999"]
)
def test_what_is_not_there_says_so(ben, address):
    assert ben.get(address).status_code == 404


def test_a_used_link_leads_to_the_chat_which_says_who_said_what(house, ben):
    place = made(ben)
    token = links(ben.get(place).text)[0].partition("=")[2]
    services, now = house.services, house.clock.now()
    with services.store.write() as session:
        conversation = conversation_of(session, "web", "a", now)
        [(_, buttons)] = services.enrolling.open(session, now, conversation, token)
        choice = next(button["payload"] for button in buttons if button["title"] == "I agree")
        shown = _send(session, now, conversation, buttons)
        services.enrolling.answer(session, now, conversation, Choice.read(choice), shown)
    page = ben.get(f"/console/conversations/{conversation.id}").text
    for words in ("Mia K.", "recorded by Ben Ito", "1.5 mm, crown, pen, by Dr Ito", "set for this patient"):
        assert words in page
    assert "agreed to the consent text" in page
    assert f"/console/conversations/{conversation.id}" in ben.get(place).text
    assert ben.post(f"{place}/link").status_code == 409


def _send(session, now, conversation, buttons) -> int:
    return enqueue(session, now, conversation, Author.BOT, "consent", buttons=buttons).id


def test_a_code_is_inline_and_needs_no_style_of_its_own():
    code = str(qr("https://t.me/fern_bot?start=abc"))
    assert code.startswith("<svg")
    assert "style=" not in code
    assert "#fff" in code
