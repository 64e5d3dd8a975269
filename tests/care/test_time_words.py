"""Past times as patients write them: what each means, that none lies in the future, and that the later side counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.calendar_words import DateOrder
from bot.care.session_time import parse_session_time
from bot.care.treatment import supersedes

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 6, 11, 17, 30, tzinfo=LONDON)  # a Wednesday


def at(day: int, hour: int = 23, minute: int = 59, month: int = 6) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "ended_at", "certainty"),
    [
        # yesterday and the like
        ("nearly a week ago", at(5), "vague"),
        ("it was almost 2 weeks ago", at(29, month=5), "vague"),
        ("yesterday at 3pm", at(10, 15, 0), "said"),
        ("yesteday around 3", at(10, 15, 0), "said"),
        ("3pm yesterday", at(10, 15, 0), "said"),
        ("yesterday at three", at(10, 15, 0), "said"),
        ("quarter past 3 yesterday", at(10, 15, 15), "said"),
        ("yesterday at quarter to four", at(10, 15, 45), "said"),
        ("yesterday half three", at(10, 15, 30), "said"),
        ("yesterday 15:20", at(10, 15, 20), "said"),
        ("yesterday at noon", at(10, 12, 0), "said"),
        ("yesterday 3 o'clock", at(10, 15, 0), "said"),
        ("yesterday at 8", at(10, 20, 0), "said"),
        ("yesterday morning at 8", at(10, 8, 0), "said"),
        ("yesterday evening at 6", at(10, 18, 0), "said"),
        ("yesterday morning", at(10, 12, 0), "vague"),
        ("yesterday in the afternoon", at(10, 18, 0), "vague"),
        ("yesterday lunchtime", at(10, 15, 0), "vague"),
        ("late last night", at(10), "vague"),
        ("last night", at(10), "vague"),
        ("this time yesterday", at(10, 17, 30), "said"),
        ("around this time yesterday", at(10, 17, 30), "vague"),
        # today
        ("this morning", at(11, 12, 0), "vague"),
        ("first thing this morning", at(11, 12, 0), "vague"),
        ("this morning at 10", at(11, 10, 0), "said"),
        ("this morning at half eleven", at(11, 11, 30), "said"),
        ("today", at(11, 17, 30), "vague"),
        ("today at 2", at(11, 14, 0), "said"),
        ("earlier today", at(11, 17, 30), "vague"),
        ("just now", at(11, 17, 30), "vague"),
        ("just got home from it", at(11, 17, 30), "vague"),
        ("just walked out of the clinic", at(11, 17, 30), "vague"),
        ("finished at 8", at(11, 8, 0), "said"),
        ("it was over at 4", at(11, 16, 0), "said"),
        ("ended at 9pm", at(10, 21, 0), "said"),
        # counted
        ("like 20 hours ago", at(10, 21, 30), "vague"),
        ("20 hours ago", at(10, 21, 30), "said"),
        ("twenty hours ago", at(10, 21, 30), "said"),
        ("twenty four hours ago", at(10, 17, 30), "said"),
        ("36hrs ago", at(10, 5, 30), "said"),
        ("half an hour ago", at(11, 17, 0), "vague"),
        ("an hour and a half ago", at(11, 16, 0), "said"),
        ("two and a half hours ago", at(11, 15, 0), "said"),
        ("20 mins ago", at(11, 17, 10), "said"),
        ("a couple of hours ago", at(11, 15, 30), "vague"),
        ("almost 24 hours ago", at(10, 18, 30), "vague"),
        ("less than 6 hours ago", at(11, 17, 30), "vague"),
        ("over 2 hours ago", at(11, 15, 30), "vague"),
        ("it's been 3 days", at(8), "vague"),
        ("its been about 5 hours", at(11, 12, 30), "vague"),
        ("3 days it's been", at(8), "vague"),
        ("been 2 days", at(9), "vague"),
        ("2-3 days ago", at(9), "vague"),
        ("three days ago", at(8), "vague"),
        ("three days ago at 4pm", at(8, 16, 0), "said"),
        ("two nights ago", at(9), "vague"),
        ("a few days ago", at(9), "vague"),
        ("a week ago", at(4), "vague"),
        ("a week ago today", at(4), "vague"),
        ("a fortnight ago", at(28, month=5), "vague"),
        ("day 3", at(8), "vague"),
        ("the other day", at(10), "vague"),
        # the day before yesterday
        ("the day before yesterday evening", at(9), "vague"),
        ("the day before yesterday morning", at(9, 12, 0), "vague"),
        ("day before yesterday at 4pm", at(9, 16, 0), "said"),
        ("not yesterday, the day before", at(9), "vague"),
        # weekdays
        ("last tuesday", at(10), "vague"),
        ("last wednesday", at(4), "vague"),
        ("on tuseday", at(10), "vague"),
        ("this past friday", at(6), "vague"),
        ("monday afternoon", at(9, 18, 0), "vague"),
        ("monday night at 8", at(9, 20, 0), "said"),
        ("no it was monday", at(9), "vague"),
        ("sorry, monday not tuesday", at(9), "vague"),
        ("actually it was tuesday, not monday", at(10), "vague"),
        ("tuesday last week", at(3), "vague"),
        ("last week on thursday", at(5), "vague"),
        ("a week last monday", at(2), "vague"),
        ("a week ago monday", at(2), "vague"),
        ("the monday before last", at(2), "vague"),
        ("monday or tuesday", at(10), "vague"),
        # longer stretches
        ("last week", at(8), "vague"),
        ("over the weekend", at(8), "vague"),
        ("last weekend", at(8), "vague"),
        ("earlier this week", at(10), "vague"),
        ("last month", at(31, month=5), "vague"),
        # dates
        ("on the 9th", at(9), "vague"),
        ("on the 14th", at(14, month=5), "vague"),
        ("the 9th in the morning", at(9, 12, 0), "vague"),
        ("the 9th at 2pm", at(9, 14, 0), "said"),
        ("9 june", at(9), "vague"),
        ("the 9th of june at 11:00", at(9, 11, 0), "said"),
        ("june the 9th", at(9), "vague"),
        ("9 June 2025", at(9), "vague"),
        ("2025-06-09", at(9), "vague"),
        ("9/6", at(9), "vague"),
        ("09/06/2025", at(9), "vague"),
        ("09.06.25", at(9), "vague"),
        ("6/9", at(9), "vague"),  # 6 September of last year would be the letter; nobody means that
        ("5/6 at 3pm", at(5, 15, 0), "said"),
    ],
)
def test_an_answer_to_when_it_was_is_read(text: str, ended_at: datetime, certainty: str) -> None:
    treatment = parse_session_time(text, NOW, LONDON, asked=True)
    assert treatment is not None
    assert (treatment.ended_at.astimezone(LONDON), treatment.certainty) == (ended_at.astimezone(LONDON), certainty)


@pytest.mark.parametrize(
    "text",
    [
        "monday week",
        "next tuesday",
        "a week on friday",
        "it's this coming friday",
        "tomorrow at 3",
        "not monday",
        "24/7",
        "in the sun",
        "40/50",
        "on the 32nd",
        "soon",
        "no idea",
        "a while back",
    ],
)
def test_what_names_no_past_time_is_not_read(text: str) -> None:
    assert parse_session_time(text, NOW, LONDON, asked=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "it was in the sun all day",
        "the nurse who did it sat with me",
        "i washed it on monday",
        "i've been itching for 3 days",
        "are you there 24/7",
        "the redness started on the 9th",
        "1/2 a tablet yesterday",
    ],
)
def test_other_times_are_not_taken_for_the_session(text: str) -> None:
    assert parse_session_time(text, NOW, LONDON) is None


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("it was on 5/6", "DMY", (6, 5)),
        ("it was on 5/6", "MDY", (5, 6)),
        ("it was on 5/6", "unsure", (6, 5)),  # of two readings the later
        ("it was on 6/5", "unsure", (6, 5)),
        ("it was on 6/10", "MDY", (6, 10)),
        ("it was on 6/10", "DMY", (6, 10)),  # 6 October lies eight months back
        ("it was on 28/5", "MDY", (5, 28)),
        ("it was on 06/05/2025", "MDY", (6, 5)),
        ("it was on 06/05/2025", "DMY", (5, 6)),
    ],
)
def test_a_date_in_figures_is_read_as_the_clinics_country_writes_it(
    text: str, order: DateOrder, day: tuple[int, int]
) -> None:
    treatment = parse_session_time(text, NOW, LONDON, order, asked=True)
    assert treatment is not None
    local = treatment.ended_at.astimezone(LONDON)
    assert (local.month, local.day) == day


ZONES = st.sampled_from(
    [
        "Europe/London",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Asia/Kathmandu",
    ]
)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
# The hours around the clock changes of London, New York and Lord Howe, where wall clocks skip or repeat.
CHANGES = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2025, 3, 30, tzinfo=UTC), datetime(2025, 10, 26, tzinfo=UTC), datetime(2025, 3, 9, 6, tzinfo=UTC),
            datetime(2025, 11, 2, 5, tzinfo=UTC), datetime(2025, 4, 5, 15, tzinfo=UTC),
            datetime(2025, 10, 4, 15, tzinfo=UTC),
        ]
    ),
    st.integers(-300, 1800),
)  # fmt: skip
WHENS = st.one_of(INSTANTS, CHANGES)
DAYS = st.sampled_from(
    [
        "today", "yesterday", "monday", "last sunday", "the day before yesterday", "day 2", "3 days ago", "on the 14th",
        "5/6", "6 june", "tuesday last week", "a week last monday", "two nights ago", "this morning", "last night",
        "yesterday evening", "friday night", "over the weekend", "last week", "the other day", "this time yesterday",
    ]
)  # fmt: skip
CLOCKS = st.sampled_from(["", "at 3", "at 8", "11pm", "23:59", "at noon", "2.30am", "half two", "1:30", "quarter to 9"])
COUNTED = st.builds(
    "{}{} {} ago".format,
    st.sampled_from(["", "like ", "almost ", "over ", "less than "]),
    st.integers(0, 400),
    st.sampled_from(["minutes", "hours", "days", "weeks"]),
)


@given(st.one_of(st.builds("{} {}".format, DAYS, CLOCKS), COUNTED, st.text(max_size=60)), WHENS, ZONES)
def test_a_stated_time_never_lies_in_the_future(text: str, now: datetime, zone: str) -> None:
    for order in ("DMY", "MDY", "unsure"):
        for asked in (True, False):
            treatment = parse_session_time(text, now, ZoneInfo(zone), order, asked=asked)  # type: ignore[arg-type]
            assert treatment is None or treatment.ended_at <= now


@given(DAYS.filter(lambda day: day != "this time yesterday"), st.integers(0, 23), WHENS, ZONES)
def test_a_day_alone_counts_from_its_later_end(day: str, hour: int, now: datetime, zone: str) -> None:
    """No hour of that day, said outright, is later than what the day alone is taken for (parts of a day aside)."""
    tz = ZoneInfo(zone)
    vague = parse_session_time(day, now, tz, asked=True)
    said = parse_session_time(f"{day} {hour:02d}:00", now, tz, asked=True)
    if vague is None or said is None or "morning" in day:
        return
    assert vague.certainty == "vague"
    assert said.certainty == "said"
    assert said.ended_at <= vague.ended_at


@given(WHENS, ZONES, st.integers(2, 200))
def test_a_count_that_is_under_is_later_than_the_count(now: datetime, zone: str, hours: int) -> None:
    tz = ZoneInfo(zone)
    counted = parse_session_time(f"{hours} hours ago", now, tz, asked=True)
    for less in ("almost", "nearly", "just under", "less than"):
        under = parse_session_time(f"{less} {hours} hours ago", now, tz, asked=True)
        assert under is not None
        assert counted is not None
        assert under.ended_at > counted.ended_at


@given(WHENS, ZONES)
def test_a_correction_changes_what_the_patient_said(now: datetime, zone: str) -> None:
    tz = ZoneInfo(zone)
    first = parse_session_time("yesterday at 3pm", now, tz, asked=True)
    then = parse_session_time("no it was 3 days ago", now, tz, asked=True)
    assert first is not None
    assert then is not None
    assert supersedes(then, first, tz)
