"""What clinicians do, once each, with nothing they wrote ever lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.staff import Profile, add_staff, make_sign_in_link, open_account
from bot.store.tables import Audit, Author, CaseState, Event, Role, TreatmentRow

from .conftest import PASSWORD, Browser, csrf_of

URGENT = "there is pus coming out of a spot"


@pytest.fixture
def message(house):
    return house.patient("a", URGENT)


@pytest.fixture
def base(message):
    return f"/console/conversations/{message.conversation_id}"


def clinicians(house) -> list[str]:
    return [one.text for one in house if one.author is Author.CLINICIAN]


def reply_form(message, **change):
    return {"text": "Please send a photo.", "key": "k1", "last_seen": message.id, **change}


def test_from_open_to_closed(house, ana, base, message):
    case = house.case(message.conversation_id)
    assert ana.post(f"{base}/acknowledge", {"case_id": case.id}).status_code == 303
    assert house.case(message.conversation_id).state is CaseState.ACKNOWLEDGED
    assert ana.post(f"{base}/take-over").status_code == 303
    assert ana.post(f"{base}/reply", reply_form(message)).status_code == 303
    assert ana.post(f"{base}/hand-back").status_code == 422
    assert ana.post(f"{base}/hand-back", {"reason": "answered"}).status_code == 303
    closing = {"case_id": case.id, "outcome": "seen", "note": "came by"}
    assert ana.post(f"{base}/close", closing).status_code == 303
    page = ana.get(base).text
    assert "Closed: seen in the clinic" in page
    assert "came by" in page
    assert clinicians(house.messages(message.conversation_id)) == ["Please send a photo."]


def test_one_of_twenty_claims_wins_and_the_others_hear_whose_it_is(house, base):
    browsers = []
    for number in range(20):
        email = f"c{number}@clinic.example"
        staff = add_staff(house.services.store, house.clock, email, f"Clinician {number}", "", Role.CLINICIAN)
        token = make_sign_in_link(house.services.store, house.clock, staff.id)
        open_account(house.services.store, house.clock, token, Profile(staff.name, "", email, PASSWORD))
        client = house.outsider()
        client.post("/console/sign-in", data={"email": email, "password": PASSWORD})
        browsers.append(Browser(client, staff, csrf_of(client.get("/console").text)))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda browser: browser.script(f"{base}/take-over"), browsers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    winner = browsers[[answer.status_code for answer in answers].index(200)].staff.name
    assert all(answer.json()["error"] == f"{winner} has this conversation." for answer in answers if answer.is_error)


def test_the_same_reply_twice_is_sent_once(house, ana, base, message):
    ana.post(f"{base}/take-over")
    first = ana.script(f"{base}/reply", reply_form(message)).json()
    second = ana.script(f"{base}/reply", reply_form(message)).json()
    assert first == second
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ana.script(f"{base}/reply", reply_form(message, key="k2")), range(4)))
    assert len(clinicians(house.messages(message.conversation_id))) == 2


def test_a_reply_to_an_outdated_thread_stops_and_keeps_the_text(house, ana, base, message):
    ana.post(f"{base}/take-over")
    newer = house.patient("a", "one more thing, please")
    form = reply_form(message, text="Just <wash> it.")
    answer = ana.post(f"{base}/reply", form)
    assert answer.status_code == 409
    assert "The patient has written since you opened this." in answer.text
    assert "Just &lt;wash&gt; it.</textarea>" in answer.text
    assert "one more thing, please" in answer.text
    assert f'name="last_seen" value="{newer.id}"' in answer.text
    scripted = ana.script(f"{base}/reply", form)
    assert (scripted.status_code, scripted.json()["last_seen"]) == (409, newer.id)
    assert clinicians(house.messages(message.conversation_id)) == []
    assert ana.script(f"{base}/reply", {**form, "last_seen": newer.id}).status_code == 200


def test_only_the_owner_replies_and_the_text_stays(house, ana, ben, base, message):
    ben.post(f"{base}/take-over")
    answer = ana.post(f"{base}/reply", reply_form(message))
    assert answer.status_code == 409
    assert "Please send a photo.</textarea>" in answer.text
    assert "Ben Ito has this conversation" in answer.text
    assert ana.post(f"{base}/close", {"case_id": house.case(message.conversation_id).id, "outcome": "seen"})


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097])
def test_empty_and_overlong_replies_say_the_mend(house, ana, base, message, text):
    ana.post(f"{base}/take-over")
    answer = ana.script(f"{base}/reply", reply_form(message, text=text))
    assert answer.status_code == 409
    assert any(words in answer.json()["error"] for words in ("empty", "4096"))


def test_drafts_survive_a_reload_and_belong_to_one_person_and_patient(house, ana, ben, base):
    other = house.patient("b", URGENT)
    page = ana.get(base).text
    key = page.split('name="key" value="')[1].split('"')[0]
    assert ana.script(f"{base}/draft", {"key": key, "text": "half a sen"}).json() == {"kept": True}
    assert "half a sen</textarea>" in ana.get(base).text
    assert "half a sen" not in ben.get(base).text
    assert "half a sen" not in ana.get(f"/console/conversations/{other.conversation_id}").text


def test_a_late_save_does_not_bring_a_sent_draft_back(house, ana, base, message):
    ana.post(f"{base}/take-over")
    key = ana.get(base).text.split('name="key" value="')[1].split('"')[0]
    ana.script(f"{base}/reply", reply_form(message, key=key))
    assert ana.script(f"{base}/draft", {"key": key, "text": "Please send a photo."}).json() == {"kept": False}
    assert "Please send a photo.</textarea>" not in ana.get(base).text


def test_closing_without_an_outcome_says_what_is_missing(house, ana, base, message):
    case = house.case(message.conversation_id)
    answer = ana.post(f"{base}/close", {"case_id": case.id})
    assert answer.status_code == 422
    assert "<title>" in answer.text
    assert "Error:" in answer.text.split("</title>")[0]
    assert "Choose what it turned out to be." in answer.text
    assert house.case(message.conversation_id).state is CaseState.OPEN


def test_a_case_of_another_conversation_is_not_reached(house, ana, base):
    other = house.patient("b", URGENT)
    case = house.case(other.conversation_id)
    assert ana.post(f"{base}/acknowledge", {"case_id": case.id}).status_code == 404
    assert ana.post(f"{base}/close", {"case_id": case.id, "outcome": "seen"}).status_code == 404
    assert ana.post(f"{base}/close", {"case_id": "x", "outcome": "seen"}).status_code == 404


def test_recording_the_session_stands_and_is_logged(house, ana, base):
    form = {"ended_at": "2026-07-01T15:30", "depth_mm": "1,5"}
    assert ana.post(f"{base}/treatment", form).status_code == 303
    earlier = {"ended_at": "2026-06-30T15:30", "depth_mm": ""}
    assert ana.post(f"{base}/treatment", earlier).status_code == 303  # a correction may also go back in time
    with house.services.store.read() as session:
        first, second = session.query(TreatmentRow).order_by(TreatmentRow.id)
        assert session.query(Audit).filter(Audit.action == "treatment_recorded").count() == 2
        assert session.query(Event).filter(Event.kind == "treatment").count() == 2
    assert first.ended_at == datetime(2026, 7, 1, 14, 30, tzinfo=UTC)  # London is on summer time
    assert (second.certainty, second.depth_mm) == ("recorded", 1.5)
    assert "recorded by the clinic" in ana.get(base).text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"ended_at": ""}, "Write the day and time"),
        ({"ended_at": "2027-01-01T10:00"}, "in the future"),
        ({"ended_at": "2020-01-01T10:00"}, "more than a year ago"),
        ({"ended_at": "2026-11-17T10:00", "depth_mm": "15"}, "between 0.1 and 3"),
        ({"ended_at": "2026-11-17T10:00", "depth_mm": "deep"}, "between 0.1 and 3"),
    ],
)
def test_a_session_that_cannot_be_is_refused(ana, base, form, words):
    answer = ana.post(f"{base}/treatment", form)
    assert answer.status_code == 422
    assert words in answer.text


def test_typing_reaches_the_patients_side_from_the_owner_alone(house, ana, base, message):
    heard = []
    house.services.typing.watch(message.conversation_id, lambda *what: heard.append(what))
    ana.script(f"{base}/presence", {"doing": "typing"})
    assert heard == []
    ana.post(f"{base}/take-over")
    ana.script(f"{base}/presence", {"doing": "typing"})
    ana.script(f"{base}/presence", {"doing": "here"})
    assert heard == [(message.conversation_id, "clinician", True), (message.conversation_id, "clinician", False)]


def test_staff_are_added_with_a_link_that_is_shown_once(house, ana):
    form = {"name": "Noor Haddad", "title": "Nurse", "email": "noor@clinic.example", "role": "clinician"}
    assert ana.post("/console/staff", form).status_code == 303
    page = ana.get("/console/staff").text
    link = page.split('readonly value="')[1].split('"')[0]
    assert "/console/welcome/" in link
    assert "/console/welcome/" not in ana.get("/console/staff").text
    assert house.outsider().get(link).status_code == 200
    again = ana.post("/console/staff", form)
    assert again.status_code == 422
    assert "this e-mail already" in again.text


def test_the_last_admin_cannot_lock_everybody_out(house, ana):
    assert ana.post(f"/console/staff/{ana.staff.id}/disable").status_code == 409
    assert ana.get("/console/staff").status_code == 200
