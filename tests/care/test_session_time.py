"""What patients say about when their session was."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.session_time import parse_session_time

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 6, 10, 17, 30, tzinfo=LONDON)  # a Tuesday


def at(day: int, hour: int = 23, minute: int = 59) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "ended_at", "certainty"),
    [
        ("session was yesterday at 3pm", at(9, 15, 0), "said"),
        ("yesterday at 3", at(9, 15, 0), "said"),
        ("it was monday morning", at(9, 12, 0), "vague"),
        ("this morning", at(10, 12, 0), "vague"),
        ("had the needles done this morning. can i put my rogaine on before bed?", at(10, 12, 0), "vague"),
        ("hey just got home from work, had the needles done this morning", at(10, 12, 0), "vague"),
        ("got it done 6 hours ago", at(10, 11, 30), "said"),
        ("had it like 20 hours ago", at(9, 21, 30), "vague"),
        ("I was treated about 20h ago, shower ok?", at(9, 21, 30), "vague"),
        ("had my session last tuesday", at(3), "vague"),
        ("session finish 14:30 today", at(10, 14, 30), "said"),
        ("session was monday 10am", at(9, 10, 0), "said"),
        ("nurse said 48h for me not 24. so when is minoxidil ok? session was monday 10am", at(9, 10, 0), "said"),
        ("my microneedling was 2 days ago", at(8), "vague"),
        ("day 3, bit pink", at(7), "vague"),
        ("im on day 3 and it itches", at(7), "vague"),
        ("I'm 3 days post treatment", at(7), "vague"),
        ("it's been 5 hours since my session", at(10, 12, 30), "said"),
        ("treatment ended at 2pm today", at(10, 14, 0), "said"),
        ("finished at 11.30 this morning", at(10, 11, 30), "said"),
        ("I had my treatment on 7 June at 16:00", at(7, 16, 0), "said"),
        ("had it done on June 5th", at(5), "vague"),
        ("me hicieron microneedling ayer y me pica", at(9), "vague"),
        ("Just had my session, can I drive?", at(10, 17, 30), "vague"),
        ("yesterday evening i had the microneedling", at(9), "vague"),
        ("day before yesterday around 4pm, the session", at(8, 16, 0), "said"),
    ],
)
def test_a_stated_session_is_read(text: str, ended_at: datetime, certainty: str) -> None:
    treatment = parse_session_time(text, NOW, LONDON)
    assert treatment is not None
    assert (treatment.ended_at, treatment.certainty) == (ended_at, certainty)


@pytest.mark.parametrize(
    "text",
    [
        "can i wash tomorrow at 7?",
        "I washed my hair yesterday",
        "I took ibuprofen 2 hours ago",
        "it was bleeding yesterday",
        "the treatment area was red yesterday",
        "my next session is on friday",
        "im booked for friday, session at 10am",
        "my session is today at 5pm",
        "i had 38.7 last night",
        "football tonight",
        "nurse said 48h for me not 24",
        "can i wash 6 hours after my session",
        "what happens on day 3?",
        "was fine yesterday now its throbbing",
        "is it 24 or 48 hours",
        "and what about swimming?",
        "so tomorrow morning at 7?",
        "",
    ],
)
def test_other_times_are_not_taken_for_the_session(text: str) -> None:
    assert parse_session_time(text, NOW, LONDON) is None


@pytest.mark.parametrize(
    ("text", "ended_at"),
    [
        ("today", at(10, 17, 30)),
        ("Yesterday", at(9)),
        ("monday", at(9)),
        ("2-3 days ago", at(8)),
        ("at 2 today", at(10, 14, 0)),
    ],
)
def test_an_answer_to_our_question_needs_no_more_than_a_time(text: str, ended_at: datetime) -> None:
    treatment = parse_session_time(text, NOW, LONDON, asked=True)
    assert treatment is not None
    assert treatment.ended_at == ended_at


@given(
    text=st.one_of(
        st.text(max_size=60),
        st.builds(
            "session {} {} {}".format,
            st.sampled_from(["was", "ended", "on", "finished at"]),
            st.sampled_from(["today", "yesterday", "monday", "last sunday", "3 hours ago", "this morning", "day 2"]),
            st.sampled_from(["", "at 3", "11pm", "23:59", "at noon", "2.30am", "half two"]),
        ),
    ),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham"]),
)
def test_a_session_never_lies_in_the_future(text: str, now: datetime, zone: str) -> None:
    for asked in (False, True):
        treatment = parse_session_time(text, now, ZoneInfo(zone), asked=asked)
        assert treatment is None or treatment.ended_at <= now
