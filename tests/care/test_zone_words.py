"""Zones are taken only where a patient says theirs, and only zones there are."""

from __future__ import annotations

import pytest

from bot.care.zone_words import zone_said


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("my time zone is New York", "America/New_York"),
        ("timezone: europe/lisbon.", "Europe/Lisbon"),
        ("I’m on Lisbon time", "Europe/Lisbon"),
        ("i live in tokyo time", "Asia/Tokyo"),
        ("my time zone is New York time", "America/New_York"),
        ("my time zone is Gondor", None),
        ("i am in pain all the time", None),
        ("i'm in london", None),
        ("what time zone are you in?", None),
        ("when can i wash", None),
    ],
)
def test_zone(text: str, zone: str | None) -> None:
    assert zone_said(text) == zone
