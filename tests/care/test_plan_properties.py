"""The care plan and how its times are said, over random protocols, zones, clock changes, vague and corrected times."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.care.clinic import load_clinic
from bot.care.clinic_sections import Protocol
from bot.care.local_time import say_instant, say_latest
from bot.care.plan import RULES, care_plan
from bot.care.session_time import parse_session_time
from bot.care.treatment import Treatment
from tests.care.conftest import ROOT

CLINIC = load_clinic(ROOT / "clinic.yml")
ZONES = st.sampled_from(
    [
        "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham",
        "Asia/Kathmandu", "Africa/Casablanca", "America/Santiago",
    ]
)  # fmt: skip
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
# A day either side of the clock changes of London, New York and Lord Howe (which moves by half an hour).
CHANGES = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC),
            datetime(2025, 3, 9, 7, tzinfo=UTC), datetime(2025, 11, 2, 6, tzinfo=UTC),
            datetime(2025, 4, 5, 15, tzinfo=UTC), datetime(2025, 10, 4, 15, 30, tzinfo=UTC),
        ]
    ),
    st.integers(-1440, 1440),
)  # fmt: skip
WHENS = st.one_of(INSTANTS, CHANGES)
DEPTHS = st.floats(0.25, 2.5)


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Any protocol that clinic.yml would accept."""
    after = draw(st.integers(24, 72))
    figures = {
        "minox_before_h": draw(st.integers(0, 48)), "minox_after_h": after,
        "minox_after_h_deep": draw(st.integers(after, 72)), "deep_from_mm": draw(DEPTHS),
        "wash_h": draw(st.integers(8, 48)), "sweat_h": draw(st.integers(24, 72)), "pool_h": draw(st.integers(48, 168)),
        "sunscreen_h": draw(st.integers(24, 72)), "product_h": draw(st.integers(24, 168)),
        "dye_d": draw(st.integers(3, 28)), "nsaid_avoid_h": draw(st.integers(0, 336)),
        "alcohol_h": draw(st.integers(0, 168)), "interval_d": draw(st.integers(7, 90)),
    }  # fmt: skip
    return Protocol.model_validate({**dict.fromkeys(Protocol.model_fields), **figures})


@given(protocols(), WHENS, WHENS, st.none() | DEPTHS, ZONES)
def test_nothing_is_allowed_before_the_protocols_hours_after_the_latest_end(
    protocol: Protocol, ended: datetime, now: datetime, depth: float | None, zone: str
) -> None:
    clinic = CLINIC.model_copy(update={"protocol": protocol, "zone": zone})
    plan = care_plan(clinic, Treatment(ended, "vague", depth), now)
    for activity in plan:
        key = RULES[activity.id].key
        hours = 0.0 if key is None else getattr(protocol, key) * (24 if key.endswith("_d") else 1)
        assert activity.allowed_from is not None
        assert activity.allowed_from >= ended + timedelta(hours=hours)
        assert activity.allowed is (now >= activity.allowed_from)


@given(protocols(), WHENS, DEPTHS, DEPTHS)
def test_allowed_from_is_monotone_in_depth(protocol: Protocol, ended: datetime, one: float, other: float) -> None:
    clinic = CLINIC.model_copy(update={"protocol": protocol})
    shallow, deep = sorted((one, other))
    early, late = (care_plan(clinic, Treatment(ended, "recorded", depth), ended) for depth in (shallow, deep))
    for activity in early:
        assert activity.allowed_from is not None
        later = late[activity.id].allowed_from
        assert later is not None
        assert activity.allowed_from <= later


@given(protocols(), WHENS, st.integers(0, 10_000), st.integers(0, 10_000))
def test_time_only_ever_allows_more(protocol: Protocol, ended: datetime, one: int, other: int) -> None:
    clinic = CLINIC.model_copy(update={"protocol": protocol})
    sooner, later = sorted((one, other))
    treatment = Treatment(ended, "recorded")
    before, after = (care_plan(clinic, treatment, ended + timedelta(minutes=minutes)) for minutes in (sooner, later))
    assert all(after[activity.id].allowed for activity in before if activity.allowed)


@given(WHENS, ZONES, st.sampled_from(["yesterday", "this morning", "monday", "two nights ago", "over the weekend"]))
def test_a_correction_to_a_clock_time_never_makes_the_plan_later(now: datetime, zone: str, day: str) -> None:
    tz = ZoneInfo(zone)
    vague = parse_session_time(day, now, tz, asked=True)
    said = parse_session_time(f"{day} at 10am", now, tz, asked=True)
    if vague is None or said is None:
        return
    late, soon = care_plan(CLINIC, vague, now), care_plan(CLINIC, said, now)
    for name in RULES:
        assert soon[name].allowed_from <= late[name].allowed_from  # type: ignore[operator]


def wall_clock(said: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which a wall clock shows what was said: "11:30 tomorrow", "tomorrow"."""
    today = now.astimezone(zone).date()
    near = {"yesterday": -1, "today": 0, "tomorrow": 1}
    words = said.split()
    if words[-1] in near:
        day = today + timedelta(days=near[words[-1]])
        clock = time.fromisoformat(words[0]) if ":" in words[0] else time(0)
    else:
        has_clock = ":" in words[-1]
        clock = time.fromisoformat(words[-1]) if has_clock else time(0)
        rest = words[1:-2] if has_clock else words[1:]
        year = int(rest[2]) if len(rest) > 2 else today.year
        day = datetime.strptime(f"{rest[0]} {rest[1]} {year}", "%d %B %Y").date()  # noqa: DTZ007
    return datetime.combine(day, clock, zone).astimezone(UTC)


@given(WHENS, WHENS, ZONES, st.booleans())
def test_a_time_that_is_said_exists_and_is_never_too_early(
    at: datetime, now: datetime, zone: str, coarse: bool
) -> None:
    tz = ZoneInfo(zone)
    said = say_instant(at, now, tz, coarse=coarse)
    shown = wall_clock(said, now, tz)
    assert shown >= at
    assert shown - at <= timedelta(hours=8)  # half an hour and the small hours, or the repeated hour
    local = shown.astimezone(tz)
    assert local.replace(tzinfo=tz, fold=0).astimezone(UTC) == shown


@given(WHENS, WHENS, ZONES)
def test_the_latest_moment_is_said_by_its_own_day_or_later(at: datetime, now: datetime, zone: str) -> None:
    tz = ZoneInfo(zone)
    said = say_latest(at, now, tz)
    if said.startswith("the end of "):
        assert at.astimezone(tz).time() >= time(23, 59)
    else:
        assert wall_clock(said, now, tz) >= at


def test_a_wall_clock_time_that_comes_twice_is_said_where_none_has_been() -> None:
    london = ZoneInfo("Europe/London")
    now = datetime(2025, 10, 25, 12, tzinfo=london)
    first, second = datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    assert say_instant(first, now, london) == "01:30 tomorrow"
    assert say_instant(second, now, london) == "02:00 tomorrow"


def test_the_small_hours_of_a_vague_time_wait_until_six() -> None:
    london = ZoneInfo("Europe/London")
    now = datetime(2025, 6, 10, 12, tzinfo=london)
    assert say_instant(datetime(2025, 6, 11, 0, 0, tzinfo=london), now, london, coarse=True) == "tomorrow"
    assert say_instant(datetime(2025, 6, 11, 3, 10, tzinfo=london), now, london, coarse=True) == "06:00 tomorrow"
