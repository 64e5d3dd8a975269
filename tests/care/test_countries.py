"""The built-in numbers: callable, sourced, and behind what the clinic writes itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.care.clinic import ClinicError, load_clinic
from bot.care.clinic_sections import PhoneNumber
from bot.care.countries import COUNTRIES, contacts_of, date_order
from tests.care.conftest import ROOT

DIALLED = re.compile(PhoneNumber.__metadata__[0].pattern)  # type: ignore[attr-defined]
OWN = {"phone": "020 7946 0857", "address": "12 Juniper Row", "website": "https://juniper-hair.example"}
MORE = {
    "crisis_line": "116 123", "crisis_line_name": "a line", "poison_line": "112", "vet_line": "112 11",
    "out_of_hours_phone": "112", "out_of_hours_name": "emergency care",
}  # fmt: skip


def write(folder: Path, country: str, contacts: dict[str, Any]) -> Path:
    content = yaml.safe_load((ROOT / "clinic.yml").read_text()) | {"country": country, "contacts": contacts}
    file = folder / "clinic.yml"
    file.write_text(yaml.safe_dump(content))
    return file


def test_a_dozen_countries_are_known() -> None:
    assert len(COUNTRIES) >= 12


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_number_can_be_dialled_and_names_its_source(country: str) -> None:
    known = COUNTRIES[country]
    for line in (known.emergency, known.crisis, known.poison, known.vet, known.out_of_hours):
        if line is not None:
            assert DIALLED.fullmatch(line.number), line
            assert line.source.startswith("https://")
            assert line.tag in {"R", "R2", "K"}
            assert line.name


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_clinic_of_a_listed_country_writes_only_what_is_not_known(tmp_path: Path, country: str) -> None:
    known = contacts_of(country)
    clinic = load_clinic(write(tmp_path, country, OWN | {key: one for key, one in MORE.items() if key not in known}))
    assert known.items() <= clinic.contacts.model_dump().items()


def test_the_clinics_own_number_comes_first_and_null_means_the_countrys(tmp_path: Path) -> None:
    clinic = load_clinic(write(tmp_path, "GB", OWN | {"vet_line": "020 7946 0222", "crisis_line": None}))
    assert clinic.contacts.vet_line == "020 7946 0222"
    assert clinic.contacts.crisis_line == "116 123"
    assert clinic.contacts.crisis_line_name == "Samaritans"


def test_a_number_nobody_knows_is_asked_for_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(ClinicError, match=r"contacts\.poison_line: this key is missing.*telephone number") as error:
        load_clinic(write(tmp_path, "IE", OWN))
    assert "contacts.crisis_line:" not in str(error.value)
    with pytest.raises(ClinicError, match=r"contacts\.emergency_number: this key is missing"):
        load_clinic(write(tmp_path, "ZA", OWN))


def test_dates_in_figures_are_read_as_the_country_writes_them() -> None:
    assert [date_order(code) for code in ("GB", "US", "CA", "DE", "ZZ")] == ["DMY", "MDY", "unsure", "DMY", "DMY"]


def test_a_holiday_that_is_no_date_is_named(tmp_path: Path) -> None:
    text = (ROOT / "clinic.yml").read_text()
    file = tmp_path / "clinic.yml"
    file.write_text(text.replace("2026-12-25", "2026-12-45"))
    with pytest.raises(ClinicError, match=r"a date that does not exist"):
        load_clinic(file)
    file.write_text(text.replace("2026-12-25", "'2026-12-45'"))
    with pytest.raises(ClinicError, match=r"hours\.holidays: '2026-12-45' is no date"):
        load_clinic(file)
