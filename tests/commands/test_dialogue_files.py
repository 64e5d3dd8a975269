"""Dialogues a clinic writes itself: what is wrong is named with file, dialogue and key, and when each turn is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.care.clinic import load_clinic
from bot.commands.dialogues import (
    Dialogue,
    ReplayError,
    Setup,
    Turn,
    clinic_for,
    opening_hours,
    read_dialogues,
)
from bot.settings import ROOT
from tests.dialogues.form import Expected

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2025, 6, 10, 12, 0, tzinfo=LONDON)


def read(tmp_path: Path, text: str, form: type[Dialogue] = Dialogue) -> list[Dialogue]:
    path = tmp_path / "file.yml"
    path.write_text(text, encoding="utf-8")
    return read_dialogues(path, form)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: [", "is not YAML"),
        ("id: D1", "must be a list of dialogues, each with id, title, setup and turns"),
        ("- id: D1\n  turns: []\n- title: x", "dialogue 2 lacks id, turns"),
        ("- id: D1", "dialogue 1 lacks turns"),
        ("- just words", "dialogue 1 lacks id, turns"),
        ("- id: D7\n  turns: hello", "D7: turns"),
        ("- id: D7\n  turns: [hello]", "D7: turns.1"),
        ("- id: D7\n  turns:\n  - patient: hi\n  - expect: no words", "D7: turns.2: lacks one of patient, press"),
        ("- id: D7\n  turns:\n  - {patient: hi, press: Yes}", "D7: turns.1: has patient and press"),
        ("- id: D7\n  turns:\n  - {wait: 2 h, at: '09:00'}", "D7: turns.1: has wait and at"),
        ("- id: D7\n  turns:\n  - {wait: soon}", "D7: turns.1.wait: 'soon' is not a span like 40 min"),
        ("- id: D7\n  turns:\n  - {at: noon}", "D7: turns.1.at: 'noon' is not a time like"),
        ("- id: D7\n  turns:\n  - {clinician_does: sighs}", "D7: turns.1.clinician_does"),
        ("- id: D7\n  setup: now\n  turns: []", "D7: setup"),
        ("- id: D7\n  setup: {local_now: teatime}\n  turns: []", "D7: setup.local_now"),
        ("- id: D7\n  setup:\n    turn_times: [2025-06-10T17:30, later]\n  turns: []", "D7: setup.turn_times.2"),
    ],
)
def test_a_wrong_dialogue_file_names_the_file_the_dialogue_and_the_key(tmp_path: Path, text: str, told: str):
    with pytest.raises(ReplayError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)
    assert str(tmp_path / "file.yml") in str(caught.value)


def test_a_file_as_it_was_written_before_is_read_still(tmp_path: Path):
    [one] = read(
        tmp_path,
        "- id: 7\n  title: Gym\n  source: ours\n  setup:\n    local_now: 2025-06-10T17:30:00\n    session_ended: null\n"
        "    hours_since_treatment: 5\n    treatment_time_known_to_bot: true\n"
        "  turns:\n  - patient: yes\n    expect: a time\n  - patient: [photo]\n".replace("[photo]", "'[photo]'"),
    )
    assert (one.id, one.title) == ("7", "Gym")
    assert [turn.patient for turn in one.turns] == ["yes", "[photo]"]
    assert one.setup.session_ended_at(LONDON) == datetime(2025, 6, 10, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("setup", "ended"),
    [
        ({}, None),
        ({"session_ended": "2025-06-09T10:00"}, None),  # known to the patient alone
        ({"treatment_time_known_to_bot": "true", "session_ended": "2025-06-09T10:00"}, NOON - timedelta(hours=26)),
        ({"treatment_time_known_to_bot": "true", "days_since_treatment": "2"}, NOON - timedelta(days=2)),
        ({"treatment_time_known_to_bot": "true"}, None),
    ],
)
def test_the_session_that_is_known(setup: dict[str, str], ended: datetime | None):
    assert Setup.model_validate({"local_now": "2025-06-10T12:00", **setup}).session_ended_at(LONDON) == ended


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ({"wait": "40 min"}, NOON + timedelta(minutes=40)),
        ({"wait": "2 hours"}, NOON + timedelta(hours=2)),
        ({"wait": "1.5 h"}, NOON + timedelta(minutes=90)),
        ({"wait": "3 days"}, NOON + timedelta(days=3)),
        ({"wait": "10 s"}, NOON + timedelta(seconds=10)),
        ({"at": "17:30"}, NOON + timedelta(hours=5.5)),
        ({"at": "09:00"}, NOON + timedelta(hours=21)),  # tomorrow's
        ({"at": "2025-06-12T12:00"}, NOON + timedelta(days=2)),
        ({"at": "2025-06-09T12:00"}, NOON),  # never before the last turn
        ({}, None),
    ],
)
def test_a_turn_says_when_it_is(written: dict[str, str], begins: datetime | None):
    assert Turn.model_validate({"patient": "hi", **written}).begins(NOON, LONDON) == begins


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("Mon-Fri 09:00-18:00", ["monday", "tuesday", "wednesday", "thursday", "friday"]),
        ("Monday - Tuesday 09:00 - 18:00, Sat 10:00-14:00", ["monday", "tuesday", "saturday"]),
        ("sun 00:00-23:59", ["sunday"]),
        ("Fri-Mon 09:00-18:00", ["friday", "saturday", "sunday", "monday"]),
    ],
)
def test_hours_are_written_as_people_do(text: str, opened: list[str]):
    hours = dict(opening_hours("D7", text))
    assert list(hours) == opened
    assert all(" " not in value for value in hours.values())


@pytest.mark.parametrize("text", ["always", "Mon-Fri", "Moo-Fri 09:00-18:00", "Mon-Fry 09:00-18:00", "Mon 9-18", ""])
def test_hours_that_cannot_be_read_name_the_dialogue_and_show_how(text: str):
    with pytest.raises(ReplayError, match=r"D7: setup\.clinic_hours: write it like 'Mon-Fri 09:00-18:00'"):
        dict(opening_hours("D7", text))


def test_the_clinic_of_a_dialogue_has_its_wait_and_hours(tmp_path: Path):
    setup = Setup(clinic_minoxidil_wait_hours=36, clinic_hours="Mon-Fri 10:00-16:00")
    target = tmp_path / "clinic.yml"
    target.write_text(clinic_for(Dialogue(id="D7", setup=setup, turns=()), ROOT / "clinic.yml"), encoding="utf-8")
    clinic = load_clinic(target)
    assert clinic.protocol.minox_after_h == 36
    assert [bool(clinic.hours.on(day)) for day in range(7)] == [True] * 5 + [False] * 2
    assert clinic.contacts == load_clinic(ROOT / "clinic.yml").contacts


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        ("{patient: hello}", "turns.1.expect: Field required"),
        ("{patient: hello, expect: {}}", "turns.1.expect: is empty"),
        ("{patient: hello, expect: {sais: [hi]}}", "turns.1.expect.sais: Extra inputs"),
        ("{patient: hello, expect: {says: []}}", "turns.1.expect.says"),
        ("{patient: hello, expect: {says: ['']}}", "turns.1.expect.says.1"),
        ("{patient: hello, expect: {says: hi there}}", "turns.1.expect.says"),
        ("{patient: hello, expect: {tier: grave}}", "turns.1.expect.tier"),
        ("{patient: hello, expect: {case: {}}}", "turns.1.expect.case"),
        ("{patient: hello, expect: {case: {teir: urgent}}}", "turns.1.expect.case"),
        ("{wait: 2 h, expect: {tier: none}}", "turns.1: expects a tier"),
        ("{pateint: hello, expect: {tier: none}}", "turns.1"),
        ("{wait: 2 h, expect: {between: [{says: [hi]}]}}", "turns.1.expect.between.1.at"),
        ("{patient: hello, expect: {today: {fine: []}}}", "turns.1.expect.today"),
    ],
)
def test_an_expectation_that_could_not_fail_is_refused(tmp_path: Path, turn: str, told: str):
    with pytest.raises(ReplayError) as caught:
        read(tmp_path, f"- id: gym\n  title: About the gym\n  turns:\n  - {turn}\n  - {turn}\n", Expected)
    assert f"gym: {told}" in str(caught.value)


def test_a_test_s_setup_has_no_unknown_key(tmp_path: Path):
    turns = "  turns:\n  - &t {patient: hello, expect: {tier: none}}\n  - *t\n"
    with pytest.raises(ReplayError, match=r"gym: setup\.locale_now"):
        read(tmp_path, f"- id: gym\n  title: About the gym\n  setup: {{locale_now: x}}\n{turns}", Expected)
