"""The care plan: never too early, in any zone, across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.clinic import Clinic, load_clinic
from bot.care.plan import RULES, care_plan, wait_hours
from bot.care.session_time import parse_session_time
from bot.care.treatment import Treatment, supersedes
from bot.care.wording import Wording
from tests.care.conftest import ROOT

CLINIC = load_clinic(ROOT / "clinic.yml")
ZONES = ("Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
TREATMENTS = st.builds(
    Treatment, INSTANTS, st.sampled_from(["recorded", "said", "vague"]), st.none() | st.floats(0.25, 2.5)
)
PERSONAL = st.dictionaries(
    st.sampled_from(["minox_after_h", "wash_h", "sweat_h", "pool_h", "dye_d"]), st.integers(0, 200).map(float)
)


@given(TREATMENTS, INSTANTS, PERSONAL, st.sampled_from(ZONES))
def test_nothing_is_allowed_before_its_wait_has_passed(
    treatment: Treatment, now: datetime, personal: dict[str, float], zone: str
) -> None:
    clinic = CLINIC.model_copy(update={"zone": zone})
    plan = care_plan(clinic, treatment, now.astimezone(ZoneInfo(zone)), personal)
    for activity in plan:
        assert activity.allowed_from is not None
        assert activity.wait_h is not None
        assert activity.allowed_from >= treatment.ended_at + timedelta(hours=activity.wait_h)
        assert activity.allowed is (now >= activity.allowed_from)
        assert (activity.hours_left == 0) is activity.allowed


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(["yesterday", "this morning", "monday", "2 days ago"]))
def test_vague_is_never_earlier_than_said(now: datetime, zone: str, day: str) -> None:
    tz = ZoneInfo(zone)
    vague = parse_session_time(day, now, tz, asked=True)
    said = parse_session_time(f"{day} at 9am", now, tz, asked=True)
    if vague is not None and said is not None:
        late, soon = care_plan(CLINIC, vague, now), care_plan(CLINIC, said, now)
        for name in RULES:
            assert late[name].allowed_from >= soon[name].allowed_from  # type: ignore[operator]


def test_a_null_figure_gives_no_time(silent_clinic: Clinic) -> None:
    now = datetime(2025, 6, 10, tzinfo=UTC)
    plan = care_plan(silent_clinic, Treatment(now, "recorded"), now + timedelta(days=300))
    assert {a.id for a in plan if a.allowed is not None} == {"sun_hat"}


def test_an_unknown_session_gives_no_time(clinic: Clinic) -> None:
    plan = care_plan(clinic, None, datetime(2025, 6, 10, tzinfo=UTC))
    assert all(activity.allowed_from is None for activity in plan)


@pytest.mark.parametrize(
    ("depth", "personal", "hours"),
    [
        (None, {}, 24),
        (0.5, {}, 24),
        (1.0, {}, 48),
        (1.5, {"minox_after_h": 72}, 72),
        (None, {"minox_after_h": 48}, 48),
    ],
)
def test_minoxidil_waits_longer_after_a_deep_session_or_by_a_personal_instruction(
    clinic: Clinic, depth: float | None, personal: dict[str, float], hours: float
) -> None:
    assert wait_hours(clinic, "minox_after_h", depth, personal) == hours


def test_every_reason_and_condition_has_words(clinic: Clinic, wording: Wording) -> None:
    for activity in care_plan(clinic, None, datetime(2025, 6, 10, tzinfo=UTC)):
        for key in (activity.why, *activity.must_hold):
            assert key in wording
        stem = RULES[activity.id].topic
        assert all(key in wording for key in (stem, f"{stem}_not_yet", f"{stem}_ok"))


@pytest.mark.parametrize(
    ("said", "known", "replaces"),
    [
        (("2025-06-09T15:00", "said"), None, True),
        (("2025-06-09T15:00", "said"), ("2025-06-09T12:00", "recorded"), True),
        (("2025-06-09T09:00", "said"), ("2025-06-09T12:00", "recorded"), False),
        (("2025-06-09T23:59", "vague"), ("2025-06-09T12:00", "recorded"), False),
        (("2025-06-10T23:59", "vague"), ("2025-06-01T12:00", "recorded"), True),
        (("2025-06-09T09:00", "said"), ("2025-06-09T23:59", "vague"), True),
        (("2025-06-08T23:59", "vague"), ("2025-06-09T12:00", "said"), True),
    ],
)
def test_the_clinics_record_is_only_ever_moved_later(
    said: tuple[str, str], known: tuple[str, str] | None, replaces: bool
) -> None:
    def treatment(pair: tuple[str, str]) -> Treatment:
        return Treatment(datetime.fromisoformat(pair[0]).replace(tzinfo=UTC), pair[1])  # type: ignore[arg-type]

    assert supersedes(treatment(said), treatment(known) if known else None, UTC) is replaces
