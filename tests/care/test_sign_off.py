"""The rows a clinician signs: complete, as the clinical facts have them, and void once the value changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.care.approvals import approvals_file, read_approvals
from bot.care.clinic import Clinic, ClinicError
from bot.care.clinic_errors import allowed_words, lower_bound
from bot.care.clinic_sections import Protocol, Stances
from bot.care.plan import care_plan
from bot.care.sign_off import approve, in_force, row_states, unapproved
from bot.care.sign_off_rows import ROWS
from bot.care.treatment import Treatment
from tests.care.conftest import ROOT
from tests.care.test_care_wording import SOURCES

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
KEYS = [row.key for row in ROWS]
FACTS = (ROOT / "docs" / "clinical-facts.md").read_text()
# What the facts' table writes in words or with a unit of its own.
IN_WORDS = {
    "sweat_h": (48, 24, 72), "pool_h": (72, 48, 168), "nsaid_avoid_h": (48, 0, 336), "minox_after_h": (24, 24, 72),
}  # fmt: skip


def test_every_figure_and_stance_is_a_row() -> None:
    wanted = {f"protocol.{name}" for name in Protocol.model_fields}
    wanted |= {f"stances.{name}" for name in Stances.model_fields if name != "prices"}
    assert wanted <= set(KEYS)
    assert len(KEYS) == len(set(KEYS))


def test_every_row_names_sources_of_the_facts_and_says_its_value() -> None:
    for row in ROWS:
        assert row.sources
        assert set(row.sources) <= SOURCES
        assert "{value}" in row.says


def test_defaults_and_ranges_are_those_of_the_clinical_facts() -> None:
    table = {
        m[1]: (float(m[2]), float(m[3]), float(m[4])) for m in re.finditer(r"`(\w+)` (\d+) \((\d+)–(\d+)\)", FACTS)
    }
    assert {"worse_after_h", "wash_h", "sunscreen_h", "minox_before_h", "product_h", "dye_d"} <= set(table)
    rows = {row.name: row for row in ROWS}
    for name, (default, low, high) in {**table, **IN_WORDS}.items():
        assert name in FACTS.replace("`nsaid_avoid`", "nsaid_avoid_h")
        assert rows[name].default == default
        assert lower_bound(Protocol, name) == low
        assert f"to {high:g} " in allowed_words(Protocol, name)


def test_the_example_clinic_has_the_proposed_defaults(clinic: Clinic) -> None:
    assert {state.row.key for state in row_states(clinic, {}) if state.status == "clinic's own"} == set()


def test_an_approval_names_who_and_when_and_holds_for_the_value_alone(clinic: Clinic) -> None:
    approvals = approve(clinic, {}, ["protocol.wash_h"], "Dr Ana Silva", NOW)
    state = next(one for one in row_states(clinic, approvals) if one.row.name == "wash_h")
    assert state.approval is not None
    assert (state.approval.by, state.approval.at, state.approval.value) == ("Dr Ana Silva", NOW, 24)
    other = clinic.model_copy(update={"protocol": clinic.protocol.model_copy(update={"wash_h": 36.0})})
    changed = next(one for one in row_states(other, approvals) if one.row.name == "wash_h")
    assert changed.approval is None
    assert changed.lapsed == state.approval
    assert "protocol.wash_h" in unapproved(other, approvals)
    assert "protocol.wash_h" not in unapproved(clinic, approvals)


def test_only_what_is_approved_is_in_force(clinic: Clinic) -> None:
    strict = clinic.model_copy(update={"require_approval": True})
    approvals = approve(strict, {}, ["protocol.wash_h", "stances.home_devices"], "Ana", NOW)
    shown = in_force(strict, approvals)
    figures = {name for name, value in shown.protocol.model_dump().items() if value is not None}
    assert figures == {"wash_h"}
    assert shown.contacts == clinic.contacts
    assert "stances.prp_offered" in shown.withheld
    assert not {"protocol.wash_h", "stances.home_devices"} & shown.withheld
    assert in_force(clinic, {}) is clinic


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("protocol.")])
def test_an_unapproved_figure_never_makes_the_plan_earlier(clinic: Clinic, key: str) -> None:
    strict = clinic.model_copy(update={"require_approval": True})
    approvals = approve(strict, {}, [one for one in KEYS if one != key], "Ana", NOW)
    shown = in_force(strict, approvals)
    for depth in (None, 0.5, 1.5):
        treatment = Treatment(NOW, "recorded", depth)
        full, held = care_plan(clinic, treatment, NOW), care_plan(shown, treatment, NOW)
        for activity in held:
            after = full[activity.id].allowed_from
            assert activity.allowed_from is None or (after is not None and activity.allowed_from >= after)


def test_approvals_are_read_from_the_file_beside_the_clinics(tmp_path: Path) -> None:
    file = tmp_path / "clinic.yml"
    assert approvals_file(file) == tmp_path / "clinic.approvals.yml"
    assert read_approvals(file) == {}
    approvals_file(file).write_text("protocol.wash_h: {value: 24, by: Ana, at: 2025-06-10T12:00:00+00:00}\n")
    assert read_approvals(file)["protocol.wash_h"].at == NOW


@pytest.mark.parametrize(
    "text",
    ["- a list", "protocol.wash_h: {value: 24}", "a: [", "protocol.wash_h: 24", "a: {value: 1, by: x, at: soon}"],
)
def test_a_spoilt_file_of_approvals_stops_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clinic.yml"
    approvals_file(file).write_text(text)
    with pytest.raises(ClinicError, match=r"clinic\.approvals\.yml.*aftercare clinic check"):
        read_approvals(file)


def test_what_is_not_set_needs_no_approval(clinic: Clinic, silent_clinic: Clinic) -> None:
    assert "protocol.numbing_product" not in unapproved(clinic, {})
    assert not [key for key in unapproved(silent_clinic, {}) if key.startswith("protocol.")]


def test_a_row_that_is_none_cannot_be_approved(clinic: Clinic) -> None:
    with pytest.raises(KeyError):
        approve(clinic, {}, ["protocol.nothing"], "Ana", NOW)


def test_a_signed_value_is_the_same_figure_however_it_is_written(clinic: Clinic) -> None:
    approvals = approve(clinic, {}, ["protocol.wash_h"], "Ana", NOW)
    approvals["protocol.wash_h"] = replace(approvals["protocol.wash_h"], value=24.0)
    assert "protocol.wash_h" not in unapproved(clinic, approvals)
