"""clinic.yml: the example is right, and every mistake is named with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.care.clinic import Clinic, ClinicError, load_clinic

EXAMPLE = Path(__file__).resolve().parents[2] / "clinic.yml"


def test_the_example_loads_and_is_frozen(clinic: Clinic) -> None:
    assert clinic.protocol.minox_after_h == 24
    with pytest.raises(ValidationError):
        clinic.name = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("written", "instead", "key", "mend"),
    [
        ("wash_h: 24 ", "wash_h: 200 ", "protocol.wash_h", "8 to 48 hours, or null"),
        ("wash_h: 24 ", "wash_h: soon ", "protocol.wash_h", "8 to 48 hours, or null"),
        ("wash_h: 24 ", "wash_hours: 24 ", "protocol.wash_hours", "Did you mean wash_h?"),
        ("wash_h: 24 ", "sweat_h: 24 ", "sweat_h", "Keep one of the two"),
        ("dye_d: 7 ", "dye_d: 70 ", "protocol.dye_d", "3 to 28 days"),
        ("dye_d: 7 ", "# no dye ", "protocol.dye_d", "Add it (3 to 28 days, or null; proposed: 7)"),
        ("clinic_depth_max_mm: 1.5", "clinic_depth_max_mm: 4", "protocol.clinic_depth_max_mm", "0.25 to 2.5 mm"),
        ("zone: Europe/London", "zone: London", "zone", "write one such as Europe/London"),
        ('out_of_hours_phone: "111"', "out_of_hours_phone: 111", "contacts.out_of_hours_phone", "Put it in quotes"),
        ('poison_line: "111"', 'poison_line: "ask us"', "contacts.poison_line", "telephone number in quotes"),
        ("country: GB", "country: NO", "country", '"NO"'),
        ("monday: 09:00-18:00", "monday: 9-18", "hours.monday", "write 09:00-18:00"),
        ("monday: 09:00-18:00", "monday: 18:00-09:00", "hours.monday", "forward"),
        ("clock: 24h", "clock: 24", "tone.clock", "24h or 12h"),
        ("home_devices: avoid", "home_devices: never", "stances.home_devices", "avoid or limited"),
        ("urgent: 2 ", "urgent: 20 ", "targets.urgent", "12 hours"),
        ("takeover: 0.5 ", "takeover: 20 ", "targets.takeover", "0.1 to 8 hours"),
        ("wait_minutes: 30 ", "wait_minutes: 300 ", "symptom_check.wait_minutes", "5 to 240 minutes"),
        ("wait_minutes: 30 ", "wait_minutes: 4 ", "symptom_check.wait_minutes", "5 to 240 minutes"),
        ("wait_minutes: 30 ", "wait_hours: 1 ", "symptom_check.wait_hours", "this key is not known"),
        ("minox_after_h_deep: 48", "minox_after_h_deep: null", "protocol", "set both, or leave both null"),
        ("minox_after_h: 24 ", "minox_after_h: 60 ", "protocol", "a deep session never waits less"),
        ("prp_offered: false", "prp_offered: perhaps", "stances.prp_offered", "true or false"),
        ("name: Juniper Hair Clinic", "name: [", "line", "Check colons"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_mend(
    tmp_path: Path, written: str, instead: str, key: str, mend: str
) -> None:
    text = EXAMPLE.read_text()
    assert written in text
    file = tmp_path / "clinic.yml"
    file.write_text(text.replace(written, instead, 1))
    with pytest.raises(ClinicError) as error:
        load_clinic(file)
    message = str(error.value)
    assert str(file) in message
    assert key in message
    assert mend in message


def test_a_file_without_the_symptom_check_waits_half_an_hour(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yml"
    lines = EXAMPLE.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if "symptom_check" not in line and "wait_minutes" not in line))
    assert load_clinic(file).symptom_check.wait_minutes == 30


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ClinicError, match="Copy the example"):
        load_clinic(tmp_path / "clinic.yml")
