"""Coming times that patients propose."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.care.proposed_time import parse_proposed_time

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 6, 10, 17, 30, tzinfo=LONDON)  # a Tuesday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("fine. so tomorrow morning at 7?", at(11, 7), at(11, 7)),
        ("so tomorrow at 7?", at(11, 7), at(11, 19)),
        ("tomorrow 7am ok", at(11, 7), at(11, 7)),
        ("tomorrow then?", at(11, 0), at(11, 23, 59)),
        ("can i put my rogaine on before bed?", at(10, 18), at(10, 23, 59)),
        ("gym tonight", at(10, 18), at(10, 23, 59)),
        ("is wine ok tonight at 9", at(10, 21), at(10, 21)),
        ("at 7 tomorrow evening", at(11, 19), at(11, 19)),
        ("swim on friday", at(13, 0), at(13, 23, 59)),
        ("in 3 hours", at(10, 20, 30), at(10, 20, 30)),
        ("is 6pm today ok", at(10, 18), at(10, 18)),
        ("thursday 14:00?", at(12, 14), at(12, 14)),
    ],
)
def test_a_proposed_time_is_read(text: str, earliest: datetime, latest: datetime) -> None:
    proposal = parse_proposed_time(text, NOW, LONDON)
    assert proposal is not None
    assert (proposal.earliest, proposal.latest) == (earliest, latest)


@pytest.mark.parametrize(
    "text", ["when can i wash", "session was this morning", "how long", "24 hours right?", "i had it today at 9am", ""]
)
def test_no_time_is_made_up(text: str) -> None:
    assert parse_proposed_time(text, NOW, LONDON) is None


@pytest.mark.parametrize("text", ["can I swim in a hotel pool?", "can I sit in a hot tub", "in a dark room then"])
def test_a_place_is_no_hour(text: str) -> None:
    assert parse_proposed_time(text, NOW, LONDON) is None
