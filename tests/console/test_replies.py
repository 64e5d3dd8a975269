"""Canned replies: the clinic's file, its mistakes, and what a patient's own dates make of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.care.clinic import ClinicError
from bot.care.treatment import Treatment
from bot.console.replies import Known, Reply, fill, left_in, load_replies
from bot.settings import ROOT

from .conftest import NOON


def filled(clinic, text: str, treatment: Treatment | None = None, called: str = "Mia"):
    return fill([Reply(name="x", title="X", text=text)], clinic, Known(called, "Nurse Ana", treatment, {}), NOON)[0]


def test_the_example_is_read(ready):
    found = load_replies(ROOT / "clinic.yml", ready.clinic)
    assert {"wash", "photo"} <= {one.name for one in found.replies}


def test_a_clinic_without_the_file_has_none(ready, tmp_path: Path):
    assert load_replies(tmp_path / "clinic.yml", ready.clinic).replies == ()


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("replies: [{name: a, title: A, text: 'from {washing}'}]", "{write_washing}"),
        ("replies: [{name: a, title: A, text: x}, {name: a, title: B, text: y}]", "there twice"),
        ("replies: [{name: Big One, title: A, text: x}]", "replies.0.name"),
        ("replies: [{name: a, text: x}]", "replies.0.title"),
        ("replies: [", "cannot be read"),
    ],
)
def test_a_mistake_stops_the_start_with_the_mend(ready, tmp_path: Path, text: str, mend: str):
    (tmp_path / "replies.yml").write_text(text)
    with pytest.raises(ClinicError, match=r"replies\.yml") as error:
        load_replies(tmp_path / "clinic.yml", ready.clinic)
    assert mend in str(error.value)


def test_dates_are_the_patients_own_and_what_is_allowed_already_says_so(ready):
    treatment = Treatment(NOON - timedelta(hours=30), "recorded")
    text = "wash from {wash_from}, sport from {sweat_from}, day {day}, {called}, {me}, {phone}"
    phone = ready.clinic.contacts.phone
    assert filled(ready.clinic, text, treatment).text == (
        f"wash from now on, sport from 06:00 tomorrow, day 1, Mia, Nurse Ana, {phone}"
    )


def test_what_is_not_known_stays_with_the_reason(ready):
    found = filled(ready.clinic, "{called}, from {wash_from} at {write_time}", called="")
    assert found.text == "{called}, from {wash_from} at {write_time}"
    assert set(found.missing) == {"called", "wash_from", "write_time"}
    assert "session ended" in found.missing["wash_from"]
    assert "not enrolled" in found.missing["called"]


def test_braces_of_other_kinds_are_no_placeholders():
    assert left_in("a {smile}, { x }, {1}, {} {Big}") == ["smile"]


def test_a_placeholder_that_is_left_is_not_sent(house, ana):
    message = house.patient("a", "there is pus coming out of a spot")
    base = f"/console/conversations/{message.conversation_id}"
    ana.post(f"{base}/take-over")
    form = {"text": "from {wash_from}", "key": "k", "last_seen": message.id}
    answer = ana.script(f"{base}/reply", form)
    assert answer.status_code == 422
    assert "{wash_from}: the care plan needs to know" in answer.json()["error"]
    assert "from {wash_from}</textarea>" in ana.post(f"{base}/reply", form).text
    listed = {one["name"]: one for one in ana.get(f"{base}/replies").json()}
    assert listed["call-you"]["missing"] == {"write_time": "write it in yourself"}


def test_outsiders_and_reviewers_get_none(house, rae):
    base = f"/console/conversations/{house.patient('a', 'hello').conversation_id}/replies"
    assert rae.get(base).status_code == 403
    assert house.outsider().get(base, headers={"HX-Request": "true"}).status_code == 401
