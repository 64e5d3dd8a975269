"""The case page's further verbs over HTTP: notes, assignee, tier, snooze, print; and the inbox's tabs and filters."""

import re

import pytest

from bot.store.tables import Audit, Case, Note

from .conftest import hour

URGENT = "there is pus coming out of a spot"


@pytest.fixture
def message(house):
    return house.patient("a", URGENT)


@pytest.fixture
def base(message):
    return f"/console/conversations/{message.conversation_id}"


def assigned(case: Case, to) -> dict:
    return {"case_id": case.id, "staff_id": to.staff.id, "reason": "my_shift_ends"}


def rows_of(html: str) -> list[str]:
    return re.findall(r'<li id="row-(\w+)"', html)


def test_a_note_stands_in_the_thread_for_staff_alone(house, ana, rae, base, message):
    key = ana.get(base).text.split('id="noting"')[1].split('name="key" value="')[1].split('"')[0]
    assert ana.post(f"{base}/note", {"key": key, "text": "rang <her>"}).status_code == 303
    assert ana.script(f"{base}/note", {"key": key, "text": "rang <her>"}).status_code == 200
    for reader in (ana, rae):
        assert reader.get(base).text.count("rang &lt;her&gt;") == 1
    assert rae.post(f"{base}/note", {"key": "k", "text": "x"}).status_code == 403
    assert "rang" not in " ".join(one.text for one in house.messages(message.conversation_id))
    with house.services.store.read() as session:
        assert session.query(Note).count() == 1


def test_an_empty_note_says_so_and_a_long_one_keeps_its_text(ana, base):
    assert "empty" in ana.script(f"{base}/note", {"key": "k", "text": " "}).json()["error"]
    page = ana.post(f"{base}/note", {"key": "k", "text": "x" * 4001})
    assert page.status_code == 409
    assert "x" * 4001 + "</textarea>" in page.text


def test_the_tabs_of_the_inbox(house, ana, ben, base, message):
    case = house.case(message.conversation_id)
    assert rows_of(ana.get("/console?tab=unassigned").text) == [message.conversation_id]
    assert ana.post(f"{base}/assign", assigned(case, ben)).status_code == 303
    assert rows_of(ana.get("/console?tab=unassigned").text) == []
    assert rows_of(ben.get("/console?tab=mine").text) == [message.conversation_id]
    assert ana.post(f"{base}/snooze", {"case_id": case.id, "until": "3"}).status_code == 303
    assert rows_of(ana.get("/console").text) == rows_of(ben.get("/console?tab=mine").text) == []
    snoozed = ana.get("/console?tab=snoozed").text
    assert rows_of(snoozed) == [message.conversation_id]
    assert "Snoozed until today 15:00" in snoozed
    house.patient("a", "hello?")
    assert rows_of(ana.get("/console").text) == [message.conversation_id]


@pytest.mark.parametrize(
    ("put_off", "says", "says_not"), [(0.25, "Snoozed until", "back-at"), (1, "back-at", "Snoozed until")]
)
def test_a_snoozed_case_of_ones_own_says_one_time(house, ana, base, message, put_off, says, says_not):
    assert ana.post(f"{base}/take-over").status_code == 303
    until = house.clock.now() + hour(put_off)
    house.services.case_work.snooze(house.staff["ana"], house.case(message.conversation_id).id, until)
    banner = ana.get(base).text.partition('id="banner"')[2].partition("</header>")[0]
    assert "Snoozed" in banner
    assert says in banner
    assert says_not not in banner


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"until": "", "at": ""}, "Choose until when."),
        ({"until": "", "at": "2026-11-18T11:00"}, "Choose a time from now on"),
        ({"until": "", "at": "never"}, "Choose until when."),
    ],
)
def test_a_snooze_that_cannot_be_says_why(house, ana, base, message, form, words):
    answer = ana.script(f"{base}/snooze", {"case_id": house.case(message.conversation_id).id, **form})
    assert answer.status_code in (409, 422)
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("form", "until"),
    [({"until": "1"}, "13:00"), ({"until": "open"}, "09:00"), ({"until": "", "at": "2026-11-19T07:30"}, "07:30")],
)
def test_a_snooze_is_said_in_the_clinics_zone(house, ana, base, message, form, until):
    ana.post(f"{base}/snooze", {"case_id": house.case(message.conversation_id).id, **form})
    assert until in ana.get(base).text.split("Snoozed until")[1][:40]
    ana.post(f"{base}/wake", {"case_id": house.case(message.conversation_id).id})
    assert "Snoozed until" not in ana.get(base).text


def test_a_tier_changes_with_a_reason(house, ana, base, message):
    case = house.case(message.conversation_id)
    refused = ana.post(f"{base}/tier", {"case_id": case.id, "tier": "routine"})
    assert refused.status_code == 422
    assert "Choose why." in refused.text
    assert ana.script(f"{base}/tier", {"case_id": case.id, "tier": "none", "reason": "photo"}).status_code == 422
    form = {"case_id": case.id, "tier": "routine", "reason": "milder_than_read"}
    assert ana.post(f"{base}/tier", form).status_code == 303
    assert "urgent to routine, reads milder than it was taken for" in ana.get(base).text


def test_filters_narrow_and_combine(house, ana, message):
    telegram = house.patient("b", URGENT, "telegram").conversation_id
    house.clock.advance(hour(3))
    late = house.patient("c", URGENT).conversation_id
    assert rows_of(ana.get("/console?channel=telegram").text) == [telegram]
    assert rows_of(ana.get("/console?overdue=yes").text) == [message.conversation_id, telegram]
    assert rows_of(ana.get("/console?overdue=yes&channel=telegram&reason=red_flag").text) == [telegram]
    assert rows_of(ana.get("/console?reason=asked_for_person").text) == []
    assert rows_of(ana.get("/console?sort=newest").text) == [late, telegram, message.conversation_id]
    assert rows_of(ana.get("/console?sort=nonsense&tier=x&channel=y&page=-1&tab=z").text)[0] == message.conversation_id
    assert set(rows_of(ana.get("/console?tab=all&channel=web").text)) == {message.conversation_id, late}


def test_a_reopened_case_says_so(house, ana, base, message):
    ana.post(f"{base}/close", {"case_id": house.case(message.conversation_id).id, "outcome": "false_alarm"})
    house.clock.advance(hour(1))
    house.patient("a", "there is more pus now")
    assert "Opened again: the case before was closed today 12:00 as false alarm" in ana.get(base).text


def test_the_print_view_is_logged_and_has_notes_only_where_asked_for(house, ana, rae, base, message):
    house.services.case_work.add_note(ana.staff, message.conversation_id, "among us", key="k")
    assert "among us" not in rae.get(f"{base}/print").text
    page = rae.get(f"{base}/print?notes=true").text
    assert "among us" in page
    assert "Wednesday 18 November 2026, 12:00:00 GMT" in page
    assert house.outsider().get(f"{base}/print").status_code == 303
    with house.services.store.read() as session:
        found = session.query(Audit).filter_by(action="exported").order_by(Audit.id)
        assert [(row.actor, row.detail) for row in found] == [
            (f"staff:{rae.staff.id}", {"notes": 0}), (f"staff:{rae.staff.id}", {"notes": 1}),
        ]  # fmt: skip


def test_the_card_shows_what_the_patient_told_with_the_message(house, ana, base, message):
    told = house.patient("a", "i'm not pregnant but i am diabetic and i take isotretinoin")
    card = ana.get(base).text.split('id="card"')[1].split('id="why"')[0]
    assert f'Diabetes <a class="quote" href="#m{told.id}">' in card
    assert f'Isotretinoin <a class="quote" href="#m{told.id}">' in card
    assert "Pregnancy" not in card


def test_the_shift_is_summed_up_without_patients_words(house, ana, ben, base, message):
    house.services.desk.take_over(ben.staff, message.conversation_id)
    house.services.desk.reply(ben.staff, message.conversation_id, "Come in", key="k", last_seen=message.id)
    page = ana.get("/console/shift?hours=4").text
    assert "1 urgent" in page
    assert "Ben Ito" in page
    assert "pus coming out" not in page
    assert house.outsider().get("/console/shift").status_code == 303


def test_a_closed_case_takes_no_more(house, ana, base, message):
    case = house.case(message.conversation_id)
    ana.post(f"{base}/close", {"case_id": case.id, "outcome": "seen"})
    for verb, form in (
        ("tier", {"tier": "routine", "reason": "spoke"}),
        ("snooze", {"until": "1"}),
        ("wake", {}),
        ("assign", {"reason": "my_shift_ends"}),
    ):
        answer = ana.script(f"{base}/{verb}", {"case_id": case.id, **form})
        assert (answer.status_code, answer.json()["error"]) == (409, "This case is closed already.")
    with house.services.store.read() as session:
        assert session.query(Case).count() == 1


def test_a_failure_of_ours_is_a_page_that_says_what_to_do(house, ana, base, monkeypatch):
    def broken(*_arguments, **_options):
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.console.conversation_routes.case_page", broken)
    ana.client._transport.raise_server_exceptions = False
    answer = ana.get(base)
    assert (answer.status_code, "That failed on our side" in answer.text) == (500, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "broken" not in answer.text
    assert ana.get(base, headers={"HX-Request": "true"}).json()["error"].startswith("That failed on our side")
