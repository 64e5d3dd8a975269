"""Opening hours and due times, across weekends, holidays and clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.clinic import Clinic, load_clinic
from bot.care.hours import closes_at, due_at, is_open, opens_at
from tests.care.conftest import ROOT

LONDON = ZoneInfo("Europe/London")
CLINIC = load_clinic(ROOT / "clinic.yml")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "open_now", "opens"),
    [
        ("2025-06-13T08:59", False, "2025-06-13T09:00"),
        ("2025-06-13T09:00", True, "2025-06-13T09:00"),
        ("2025-06-13T17:59", True, "2025-06-13T17:59"),
        ("2025-06-13T18:00", False, "2025-06-16T09:00"),
        ("2026-12-24T19:00", False, "2026-12-29T09:00"),
    ],
)
def test_open_exactly_in_opening_hours(clinic: Clinic, now: str, open_now: bool, opens: str) -> None:
    assert is_open(clinic, at(now)) is open_now
    assert opens_at(clinic, at(now)) == at(opens)


@pytest.mark.parametrize(
    ("tier", "now", "due"),
    [
        ("emergency", "2025-06-14T23:00", "2025-06-14T23:15"),
        ("urgent", "2025-06-13T17:30", "2025-06-13T19:30"),
        ("routine", "2025-06-13T17:00", "2025-06-17T17:00"),
        ("routine", "2025-06-14T12:00", "2025-06-17T18:00"),
    ],
)
def test_due_times_count_the_hours_they_should(clinic: Clinic, tier: str, now: str, due: str) -> None:
    assert due_at(clinic, tier, at(now)) == at(due)  # type: ignore[arg-type]


def test_urgent_can_count_opening_hours_only(clinic: Clinic) -> None:
    targets = clinic.targets.model_copy(update={"urgent_counts": "opening_hours"})
    patient = clinic.model_copy(update={"targets": targets})
    assert due_at(patient, "urgent", at("2025-06-13T17:30")) == at("2025-06-16T10:30")


def test_no_tier_is_never_due(clinic: Clinic) -> None:
    assert due_at(clinic, "none", at("2025-06-13T17:30")) is None


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)))
def test_a_target_is_never_due_before_its_hours_have_passed(now: datetime) -> None:
    routine = due_at(CLINIC, "routine", now)
    assert routine is not None
    assert routine >= now + timedelta(hours=CLINIC.targets.routine)
    assert is_open(CLINIC, routine - timedelta(seconds=1))
    closes = closes_at(CLINIC, now)
    assert (closes is None) is not is_open(CLINIC, now)
