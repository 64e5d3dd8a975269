"""Files a clinic writes itself: what is wrong is named with file, dialogue, key or line, and the hours it may write."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.care.clinic import load_clinic
from bot.commands.evaluation import EvaluationError, read_lines
from bot.commands.replaying import Dialogue, ReplayError, _hours, _times, read_dialogues, write_clinic
from bot.commands.training import fingerprint
from bot.processes import Part, ProcessError, running
from bot.settings import ROOT


def file(tmp_path: Path, text: str, name: str = "file.yml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id: [", "is not YAML"),
        ("id: D1", "must be a list of dialogues, each with id, title, setup and turns"),
        ("- id: D1\n  turns: []\n- title: x", "dialogue 2 lacks id, turns"),
        ("- id: D1", "dialogue 1 lacks turns"),
        ("- just words", "dialogue 1 lacks id, turns"),
        ("- id: D7\n  turns: hello", "D7: turns"),
        ("- id: D7\n  turns: [hello]", "D7: turns"),
        ("- id: D7\n  turns:\n  - expect: no words", "D7: turns"),
        ("- id: D7\n  setup: now\n  turns: []", "D7: setup"),
    ],
)
def test_a_wrong_dialogue_file_names_the_file_or_the_dialogue_and_the_key(tmp_path: Path, text: str, told: str):
    path = file(tmp_path, text)
    with pytest.raises(ReplayError) as caught:
        read_dialogues(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_dialogues_are_read_with_their_setup(tmp_path: Path):
    [one] = read_dialogues(file(tmp_path, "- id: 7\n  title: Gym\n  turns:\n  - patient: hi\n    expect: a greeting\n"))
    assert one == Dialogue("7", "Gym", {}, [{"patient": "hi", "expect": "a greeting"}])


def dialogue(**setup: object) -> Dialogue:
    return Dialogue("D7", "", setup, [{"patient": "hi"}, {"patient": "and?"}])


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("Mon-Fri 09:00-18:00", ["monday", "tuesday", "wednesday", "thursday", "friday"]),
        ("Monday - Tuesday 09:00 - 18:00, Sat 10:00-14:00", ["monday", "tuesday", "saturday"]),
        ("sun 00:00-23:59", ["sunday"]),
    ],
)
def test_hours_are_written_as_people_do(text: str, opened: list[str]):
    hours = dict(_hours(dialogue(), text))
    assert list(hours) == opened
    assert all(" " not in value for value in hours.values())


@pytest.mark.parametrize("text", ["always", "Mon-Fri", "Moo-Fri 09:00-18:00", "Mon-Fry 09:00-18:00", "Mon 9-18", ""])
def test_hours_that_cannot_be_read_name_the_dialogue_and_show_how(text: str):
    with pytest.raises(ReplayError, match=r"D7: setup\.clinic_hours: write it like 'Mon-Fri 09:00-18:00'"):
        dict(_hours(dialogue(), text))


def test_hours_over_the_weekend_are_not_silently_dropped():
    assert list(dict(_hours(dialogue(), "Fri-Mon 09:00-18:00"))) == ["friday", "saturday", "sunday", "monday"]


def test_the_clinic_of_a_dialogue_has_its_wait_and_hours(tmp_path: Path):
    target = tmp_path / "clinic.yml"
    setup = dialogue(clinic_minoxidil_wait_hours=36, clinic_hours="Mon-Fri 10:00-16:00")
    write_clinic(ROOT / "clinic.yml", setup, target)
    clinic = load_clinic(target)
    assert clinic.protocol.minox_after_h == 36
    assert [bool(clinic.hours.on(day)) for day in range(7)] == [True] * 5 + [False] * 2
    assert clinic.contacts == load_clinic(ROOT / "clinic.yml").contacts


def test_times_of_turns_are_local_and_follow_one_another():
    clinic = load_clinic(ROOT / "clinic.yml")
    first, second = _times(dialogue(local_now="2025-06-10T17:30"), clinic)
    assert first == datetime(2025, 6, 10, 16, 30, tzinfo=UTC)
    assert second > first


@pytest.mark.parametrize("setup", [{"local_now": "teatime"}, {"turn_times": ["2025-06-10T17:30", "later"]}])
def test_times_that_cannot_be_read_name_the_dialogue_and_the_key(setup: dict[str, object]):
    with pytest.raises(ReplayError, match=rf"D7: setup\.{next(iter(setup))}"):
        _times(dialogue(**setup), load_clinic(ROOT / "clinic.yml"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"id": "1", "text": "a", "tier": "none"}\n{"id": "2", "text"', ":2 is not JSON"),
        ('\n{"id": "1", "text": "a"}', ":2 lacks tier"),
        ("[1, 2]", ":1 is no object"),
        ("7", ":1 is no object"),
        ('{"id": "1", "text": "a", "tier": "soon"}', ":1 has the unknown tier 'soon'"),
    ],
)
def test_a_wrong_evaluation_file_names_the_file_and_the_line(tmp_path: Path, text: str, told: str):
    path = file(tmp_path, text, "triage.jsonl")
    with pytest.raises(EvaluationError) as caught:
        read_lines(path, {"id", "text", "tier"})
    assert f"{path}{told}" in str(caught.value)


def test_an_evaluation_file_is_read_whole(tmp_path: Path):
    path = file(
        tmp_path, '{"id": "1", "text": "a\u2028b", "tier": "none"}\n\n{"id": "2", "text": "b", "tier": "urgent"}\n'
    )
    assert [line["id"] for line in read_lines(path, {"id", "text", "tier"})] == ["1", "2"]


def test_a_process_that_does_not_start_names_its_log(tmp_path: Path):
    part = Part("rasa", ["/bin/sh", "-c", "echo no model >&2; exit 3"], {}, "http://127.0.0.1:9/")
    with pytest.raises(ProcessError) as caught, running([part], tmp_path / "log", seconds=5):
        pass
    assert str(tmp_path / "log" / "rasa.log") in str(caught.value)
    assert (tmp_path / "log" / "rasa.log").read_text() == "no model\n"


def test_the_model_s_fingerprint_stands_while_nothing_changes():
    assert fingerprint() == fingerprint()
