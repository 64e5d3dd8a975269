"""When follow-ups are due: never before the plan's time, never in quiet hours, in any zone, over any clock change."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.clinic import Clinic, ClinicError, load_clinic
from bot.care.plan import care_plan
from bot.care.quiet_hours import QuietHours, parse_quiet_hours
from bot.care.treatment import Treatment
from bot.followup.schedule import CHECK_INS, LONGEST, REMINDERS, schedule
from bot.settings import ROOT

CLINIC = load_clinic(ROOT / "clinic.yml")
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Havana")
LONDON = ZoneInfo("Europe/London")

zones = st.sampled_from([ZoneInfo(zone) for zone in ZONES])
instants = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def quiet_hours(draw: st.DrawFn) -> QuietHours:
    start, minutes = draw(st.integers(0, 1439)), draw(st.integers(1, 18 * 60))
    end = (start + minutes) % 1440
    return QuietHours(time(start // 60, start % 60), time(end // 60, end % 60))


@given(quiet=quiet_hours(), at=instants, zone=zones)
def test_what_falls_into_the_quiet_hours_waits_until_they_end_and_no_longer(quiet, at, zone):
    after = quiet.after(at, zone)
    assert after >= at
    assert not quiet.covers(after, zone)
    assert (after == at) == (not quiet.covers(at, zone))
    if after > at and zone.utcoffset(at) == zone.utcoffset(after):
        assert quiet.covers(after - timedelta(seconds=1), zone)
        assert after - at <= timedelta(hours=18)


@given(quiet=quiet_hours(), at=instants, zone=zones)
def test_the_next_night_is_to_come_and_begins_as_the_clock_says(quiet, at, zone):
    begins = quiet.begin_after(at, zone)
    assert at < begins <= at + timedelta(hours=50)
    if zone.utcoffset(at) == zone.utcoffset(begins):
        assert begins.astimezone(zone).time() == quiet.start
        assert begins <= at + timedelta(hours=24)


@given(
    ended=instants,
    certainty=st.sampled_from(["recorded", "said", "vague"]),
    depth=st.sampled_from([None, 0.5, 1.5]),
    zone=zones,
    quiet=quiet_hours(),
)
def test_nothing_is_due_before_the_plan_allows_it_or_at_night(ended, certainty, depth, zone, quiet):
    clinic = CLINIC.model_copy(update={"follow_up": CLINIC.follow_up.model_copy(update={"quiet_hours": quiet})})
    treatment = Treatment(ended, certainty, depth)
    for due in schedule(clinic, treatment, {}, zone):
        assert not quiet.covers(due.at, zone)
        assert ended < due.at <= ended + LONGEST
        if due.kind in REMINDERS:
            assert care_plan(clinic, treatment, due.at, {})[due.kind].allowed


def test_an_ordinary_session_in_the_afternoon():
    ended = datetime(2026, 6, 9, 15, 0, tzinfo=LONDON)
    due = {one.kind: one.at.astimezone(LONDON) for one in schedule(CLINIC, Treatment(ended, "said"), {}, LONDON)}
    tomorrow = datetime(2026, 6, 10, 15, 0, tzinfo=LONDON)
    assert due == {
        "washing": tomorrow,
        "minoxidil": tomorrow,
        "sunscreen": tomorrow,
        "check_in_1": datetime(2026, 6, 10, 10, tzinfo=LONDON),
        "check_in_3": datetime(2026, 6, 12, 10, tzinfo=LONDON),
        "check_in_7": datetime(2026, 6, 16, 10, tzinfo=LONDON),
    }


def test_personal_instructions_depth_and_missing_figures_count():
    ended = datetime(2026, 6, 9, 15, 0, tzinfo=LONDON)

    def hours(clinic: Clinic, personal: dict[str, float], depth: float | None = None) -> dict[str, float]:
        due = schedule(clinic, Treatment(ended, "recorded", depth), personal, LONDON)
        return {one.kind: (one.at - ended) / timedelta(hours=1) for one in due if one.kind not in CHECK_INS}

    assert hours(CLINIC, {}, 1.5)["minoxidil"] == 48
    assert hours(CLINIC, {"minox_after_h": 72})["minoxidil"] == 72
    silent = CLINIC.model_copy(update={"protocol": CLINIC.protocol.model_copy(update={"wash_h": None})})
    assert "washing" not in hours(silent, {})


def test_a_vague_time_is_rounded_to_the_later_side_and_the_night_waits_for_the_morning():
    ended = datetime(2026, 6, 9, 23, 59, tzinfo=LONDON)
    [washing] = [one for one in schedule(CLINIC, Treatment(ended, "vague"), {}, LONDON) if one.kind == "washing"]
    assert washing.at == datetime(2026, 6, 11, 8, 0, tzinfo=LONDON)


def test_the_patients_own_zone_decides_about_day_and_night():
    ended = datetime(2026, 6, 9, 15, 0, tzinfo=LONDON)
    tokyo = ZoneInfo("Asia/Tokyo")
    due = {one.kind: one.at.astimezone(tokyo) for one in schedule(CLINIC, Treatment(ended, "said"), {}, tokyo)}
    assert due["washing"] == datetime(2026, 6, 11, 8, 0, tzinfo=tokyo)  # 23:00 there
    assert due["check_in_1"] == datetime(2026, 6, 10, 10, 0, tzinfo=tokyo)


def test_the_night_the_clocks_change():
    quiet = QuietHours(time(21), time(1, 30))
    back = datetime(2026, 10, 25, 1, 10, tzinfo=LONDON).replace(fold=1)  # 01:30 has been, and comes once more
    assert quiet.after(back, LONDON) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    forward = datetime(2026, 3, 29, 0, 50, tzinfo=LONDON)  # 01:30 does not come
    assert not quiet.covers(quiet.after(forward, LONDON), LONDON)
    assert quiet.after(forward, LONDON) <= datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("said", "start", "end"), [("21:00-08:00", 21, 8), ("1:00 to 6:00", 1, 6)])
def test_quiet_hours_are_read(said: str, start: int, end: int):
    assert parse_quiet_hours(said) == QuietHours(time(start), time(end))


@pytest.mark.parametrize(
    ("written", "instead", "mend"),
    [
        ("21:00-08:00", "late", "write 21:00-08:00"),
        ("21:00-08:00", "25:00-08:00", "names a time that no clock shows"),
        ("21:00-08:00", "08:00-05:00", "at least 6 hours"),
        ("21:00-08:00", "08:00-08:00", "at least 6 hours"),
        ("21:00-08:00", "7", "write 21:00-08:00"),
        ("check_in_hour: 10", "check_in_hour: 3", "6 to 20"),
        ("check_in_hour: 10", "check_in_hour: 7", "falls into quiet_hours"),
        ("offer: true", "offer: maybe", "true or false"),
        ("offer: true", "ask: true", "not known"),
    ],
)
def test_mistakes_in_the_clinics_file_are_named(tmp_path: Path, written: str, instead: str, mend: str):
    text = (ROOT / "clinic.yml").read_text()
    assert written in text
    file = tmp_path / "clinic.yml"
    file.write_text(text.replace(written, instead, 1))
    with pytest.raises(ClinicError, match=mend) as error:
        load_clinic(file)
    assert "follow_up" in str(error.value)


def test_a_file_without_the_section_has_the_defaults(tmp_path: Path):
    text = (ROOT / "clinic.yml").read_text()
    start = text.index("follow_up:")
    file = tmp_path / "clinic.yml"
    file.write_text(text[:start] + text[text.index("\n\n", start) + 2 :])
    assert load_clinic(file).follow_up == CLINIC.follow_up
