"""Past days as patients name them: "last tuesday", "a week last monday", "over the weekend", "on the 14th", "6/9"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import dateparser

DateOrder = Literal["DMY", "MDY", "unsure"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PART = r"(?:,? (?:in the |at )?(?P<part>morning|afternoon|evening|night|lunch ?time))?"
_WEEKDAY = re.compile(
    r"\b(?P<before>(?:a )?week ago (?:last |on |this past )?|(?:a )?week last |last week,? (?:on )?)?"
    r"(?:(?P<last>last|past|this past) )?"
    r"(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\b"
    r"(?P<after> (?:of )?last week| before last| week\b)?" + _PART
)
_COMING = re.compile(r"\b(?:next|coming|upcoming|week on|from|until|till|by|before) (?:this )?$")
_SPANS = re.compile(
    r"\b(?P<span>(?:the )?other (?:day|night|evening)|earlier (?:this|in the) week|last month"
    r"|last week(?!,? (?:on )?(?:mon|tue|wed|thu|fri|sat|sun))"
    r"|(?P<last>last |this past )weekend|(?:at|over|on|in|during) the weekend)\b"
)
_NAMED = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH}(?: the)? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)\b" + _PART
)
_OF_MONTH = re.compile(
    r"\b(?:on|on the|the) (?P<day>\d{1,2})(?:st|nd|rd|th)\b"
    r"(?!(?: of)? (?:day|session|time|one|week|month|treatment|appointment|hour|floor|street|try|go|wash))" + _PART
)
_SLASHED = re.compile(
    r"(?<![\d./-])(?P<a>\d{1,2})(?:/(?P<b>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?|(?P<dot>[.-])(?P<b2>\d{1,2})(?P=dot)"
    r"(?P<year2>\d{4}|\d{2}))(?![\d/]|\.\d)(?! ?(?:hours?|hrs?|days?|mm|ml|of|the way|inch))" + _PART
)
_ROUND_THE_CLOCK = "24/7"
_SKY = {"the", "in", "direct", "strong", "no", "full"}
_BEFORE_SAT = {
    "", "on", "last", "past", "this", "was", "since", "done", "no", "yes", "had", "treated", "needled", "ended",
    "finished", "session", "treatment", "of", "think",
}  # fmt: skip
_FRESH = timedelta(days=120)
_LATEST = {"morning": time(12, 0), "afternoon": time(18, 0), "lunch": time(15, 0)}
END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class NamedDay:
    """A local day said in the text, the latest wall-clock time its words allow, and where (a match).

    `part` is the part of the day that was said, if any. `bare`: the words could also name a coming day.
    """

    day: date
    part: str | None
    bare: bool
    match: re.Match[str]

    @property
    def latest(self) -> time:
        """The latest time of day that the words allow."""
        return latest_in(self.part)


def latest_in(part: str | None) -> time:
    """The latest time of day that a part of the day allows; without one the end of the day."""
    return _LATEST.get("lunch" if part and part.startswith("lunch") else part or "", END_OF_DAY)


def named_days(text: str, local: datetime, order: DateOrder) -> Iterator[NamedDay]:
    """Every past day that lower-case `text` names by weekday, week or date, as seen from `local`."""
    today = local.date()
    for match in _WEEKDAY.finditer(text):
        day = _weekday(match, text, local)
        if day is not None:
            yield NamedDay(day, match["part"], not (match["last"] or match["before"] or match["after"]), match)
    for match in _SPANS.finditer(text):
        yield NamedDay(_end_of_span(match, today), None, False, match)
    for match in _NAMED.finditer(text):
        day = _named_date(match[0], local)
        if day is not None:
            yield NamedDay(day, match["part"], True, match)
    for match in _OF_MONTH.finditer(text):
        day = _last_of_month(int(match["day"]), today)
        if day is not None and not re.match(rf"(?: of)? {_MONTH}\b", text[match.end() :]):
            yield NamedDay(day, match["part"], True, match)
    for match in _SLASHED.finditer(text):
        day = _slashed_date(match, today, order)
        if day is not None:
            yield NamedDay(day, match["part"], True, match)


def _weekday(match: re.Match[str], text: str, local: datetime) -> date | None:
    if _COMING.search(text[: match.start()]) or (match["after"] or "").strip() == "week" or _is_sunshine(match, text):
        return None
    today, index = local.date(), _DAYS.index(match["day"])
    monday = today - timedelta(days=today.weekday())
    if "last week" in (match["before"] or "") or "last week" in (match["after"] or ""):
        return monday + timedelta(days=index - 7)
    back = (today.weekday() - index) % 7
    too_early_today = back == 0 and match["part"] in ("evening", "night") and local.hour < 17
    if back == 0 and (match["last"] or match["before"] or match["after"] or too_early_today):
        back = 7
    return today - timedelta(days=back + (7 if match["before"] or match["after"] else 0))


def _is_sunshine(match: re.Match[str], text: str) -> bool:
    """Whether "sun" is the one in the sky, or "sat" a verb."""
    words = text[: match.start()].split()
    before = words[-1] if words else ""
    return (match[0] == "sun" and before in _SKY) or (match[0] == "sat" and before not in _BEFORE_SAT)


def _end_of_span(match: re.Match[str], today: date) -> date:
    """The last day the words allow."""
    span, yesterday = match["span"], today - timedelta(days=1)
    if "weekend" in span:
        if today.weekday() >= 5:
            return today - timedelta(days=today.weekday() + 1) if match["last"] else today
        return today - timedelta(days=today.weekday() + 1)
    if span == "last week":
        return today - timedelta(days=today.weekday() + 1)
    return today.replace(day=1) - timedelta(days=1) if span == "last month" else yesterday


def _named_date(words: str, local: datetime) -> date | None:
    words = re.sub(r",? (?:in the |at )?(?:morning|afternoon|evening|night|lunch ?time)$", "", words)
    parsed = dateparser.parse(
        re.sub(r"(?<=\d)(?:st|nd|rd|th)\b| of\b| the\b|,", "", words),
        languages=["en"],
        settings={"RELATIVE_BASE": local.replace(tzinfo=None), "PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"},
    )
    return parsed.date() if parsed is not None else None


def _last_of_month(number: int, today: date) -> date | None:
    """The latest day with this number that has begun."""
    first = today.replace(day=1)
    for _ in range(12):
        found = _date(first.year, first.month, number)
        if found is not None and found <= today:
            return found
        first = (first - timedelta(days=1)).replace(day=1)
    return None


def _slashed_date(match: re.Match[str], today: date, order: DateOrder) -> date | None:
    """Day and month by the country's order. Where that lies far back and the other reading does not, the other.

    Nobody writes about a session of last year while the other reading is last week; and the later one is the safer.
    """
    if match[0] == _ROUND_THE_CLOCK:
        return None
    a, b = int(match["a"]), int(match["b"] or match["b2"])
    year = match["year"] or match["year2"]
    day_first, month_first = _past_date(a, b, year, today), _past_date(b, a, year, today)
    readings = [day_first, month_first] if order != "MDY" else [month_first, day_first]
    past = [found for found in readings if found is not None]
    if not past:
        return None
    if order == "unsure":
        return max(past)
    fresh = [found for found in past if today - found <= _FRESH]
    return (fresh or past)[0]


def _past_date(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        found = _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return found if found is not None and found <= today else None
    past = (_date(candidate, month, day) for candidate in (today.year, today.year - 1))
    return next((found for found in past if found is not None and found <= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
