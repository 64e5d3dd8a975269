"""Times said as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.local_time import say_hours, say_instant

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 6, 10, 17, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2025-06-11T11:30", "11:30 tomorrow"),
        ("2025-06-10T21:30", "21:30 today"),
        ("2025-06-09T15:00", "15:00 yesterday"),
        ("2025-06-12T10:00", "Thursday 12 June at 10:00"),
        ("2026-01-05T09:00", "Monday 5 January 2026 at 09:00"),
        ("2025-06-11T11:30:20", "11:31 tomorrow"),
    ],
)
def test_an_instant_is_said_in_the_clinics_zone(at: str, said: str) -> None:
    assert say_instant(datetime.fromisoformat(at).replace(tzinfo=LONDON).astimezone(UTC), NOW, LONDON) == said


def test_twelve_hour_clocks_say_am_and_pm() -> None:
    assert say_instant(datetime(2025, 6, 11, 14, 30, tzinfo=LONDON), NOW, LONDON, "12h") == "2:30 pm tomorrow"
    assert say_instant(datetime(2025, 6, 11, 0, 0, tzinfo=LONDON), NOW, LONDON, "12h") == "12 am tomorrow"


def test_coarse_times_round_up() -> None:
    assert say_instant(datetime(2025, 6, 11, 11, 31, tzinfo=LONDON), NOW, LONDON, coarse=True) == "12:00 tomorrow"
    assert say_instant(datetime(2025, 6, 11, 23, 59, tzinfo=LONDON), NOW, LONDON, coarse=True) == "Thursday 12 June"


@given(st.floats(0.001, 500))
def test_fewer_hours_than_are_left_are_never_said(hours: float) -> None:
    assert say_hours(hours) >= hours - 1e-6
    assert timedelta(hours=say_hours(hours)) >= timedelta(hours=1)
