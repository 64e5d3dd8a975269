"""A birth date in a patient's own words: "3 April 1986", "03.04.86", "le 3 avril 1986". Pure."""

import re
from datetime import date, datetime, time

import dateparser

LANGUAGES = ["en", "es", "fr", "de", "pt", "it"]
LONGEST = 60  # characters; what is longer says more than a date
AGES = range(5, 100)  # years; the date of a session, past or to come, is no birth date, and 26 is this year
_WORDS_BEFORE = 5  # "I was born on 3 April 1986"
_DATE_LIKE = re.compile(r"\d{4}|[\d\s./-]{6,12}")


def birth_dates(text: str, today: date) -> frozenset[date]:
    """Every birth date that the whole of `text` can mean: of 3/4/86 there are two. Empty where it is something else."""
    words = text.strip(" .!").split() if len(text) <= LONGEST else []
    for start in range(min(len(words), _WORDS_BEFORE + 1)):
        said = " ".join(words[start:])
        found = frozenset(day for order in ("DMY", "MDY") if (day := _read(said, order, today)))
        if found:
            return frozenset(day for day in found if today.year - day.year in AGES)
    return frozenset()


def is_date_like(text: str) -> bool:
    """Whether somebody seems to have meant a date that cannot be read, such as "31.31.1986", or a year alone."""
    return _DATE_LIKE.fullmatch(text.strip(" .!")) is not None


def _read(text: str, order: str, today: date) -> date | None:
    settings = {
        "DATE_ORDER": order,
        "RELATIVE_BASE": datetime.combine(today, time()),
        "PARSERS": ["absolute-time"],
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month", "year"],
    }
    found = dateparser.parse(text, languages=LANGUAGES, settings=settings)
    return found.date() if found else None
