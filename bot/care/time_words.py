"""Finds what a patient says about a past moment: "yesterday at 3pm", "like 20 hours ago", "last tuesday", "day 3".

Every reading is the latest moment the words allow and never lies in the future.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import dateparser

from bot.care.clock_words import CLOCK, clock_time, number

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEST = {"morning": time(12, 0), "afternoon": time(18, 0)}
_END_OF_DAY = time(23, 59)

_SPAN = (
    r"(?P<approx>(?:like|about|around|roughly|approx(?:imately)?|almost|nearly|maybe|circa|~|some"
    r"|over|more than)\s*)*"
    r"(?:(?P<low>\d+)\s*(?:-|–|to|or)\s*)?(?P<n>\d+(?:[.,]\d+)?|half an?|an?|a couple(?: of)?"
    r"|couple(?: of)?|a few|few|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)\s*(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|months?)\b"
)
_AGO = re.compile(_SPAN + r"\s*(?:ago|since|post\b|out\b(?= from|$|[,.])|back\b)")
_BEEN = re.compile(r"\b(?:it'?s|its|it has|has) (?:only )?been (?:only )?" + _SPAN)
_AM_POST = re.compile(r"\b(?:i'?m|i am|only|now) (?:now |only |just )?" + _SPAN + r"\s*(?:post|after|in\b|out\b)")
_DAY_N = re.compile(
    r"(?:^|\b(?:i'?m|i am|it'?s|its|now|currently|only|still)(?: on| at| only)? )(?:day"
    r"|dag) (?P<n>\d{1,2})\b(?! of (?!my|the))"
    r"|\bday (?P<n2>\d{1,2}) (?:here|now|today|post)\b"
)
_RELATIVE = re.compile(
    r"\b(?P<which>the day before yesterday|day before yesterday|yest(?:erday|day|erdy)|ystrday|yday|last night"
    r"|this morning|this afternoon|this evening|earlier today|earlier|today|just now)\b"
    r"(?: (?P<part>morning|afternoon|evening|night|lunch ?time))?"
)
_WEEKDAY = re.compile(
    r"\b(?:(?P<last>last|past) )?(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\b"
    r"(?: (?P<part>morning|afternoon|evening|night))?"
)
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*"
_DATE = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)\b"
)
_NEAR_CLOCK = 14
_SMALL_WORDS = re.compile(r"[\s,]*(?:(?:on|at|around|about|like|in|the|it|finished|ended|done|was|session)[\s,]*)*")


@dataclass(frozen=True)
class Moment:
    """A past moment said in the text: the latest it can be (UTC), how it was said, and where (character offsets).

    `exact` when a clock time or a count of hours was given. `bare` when the words could also name a coming day.
    """

    at: datetime
    exact: bool
    bare: bool
    start: int
    end: int


def past_moments(text: str, now: datetime, zone: tzinfo) -> list[Moment]:
    """Every past moment in lower-case `text`, in order of position."""
    local = now.astimezone(zone)
    found = [*_counted(text, local), *_days(text, local), *_bare_clock(text, local)]
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda m: (m.start, -m.end)):
        if moment.at <= now.astimezone(UTC) and not any(k.start < moment.end and moment.start < k.end for k in kept):
            kept.append(moment)
    return kept


def _counted(text: str, local: datetime) -> Iterator[Moment]:
    for pattern in (_AGO, _BEEN, _AM_POST):
        for match in pattern.finditer(text):
            count, unit = number(match["low"] or match["n"]), match["unit"]  # of "2-3" the later side is 2
            exact = not (match["approx"] or match["low"]) and not match["n"].strip().startswith(
                ("a ", "couple", "few", "half")
            )
            if unit.startswith(("h", "mi")):
                span = timedelta(hours=count) if unit.startswith("h") else timedelta(minutes=count)
                yield _moment(local.astimezone(UTC) - span, exact, False, match)
            else:
                days = count * {"d": 1, "w": 7, "m": 30}[unit[0]]
                if days <= 3660:
                    yield _on_day(text, local, local.date() - timedelta(days=int(days)), _END_OF_DAY, match, bare=False)
    for match in _DAY_N.finditer(text):
        days = int(match["n"] or match["n2"])
        yield _on_day(text, local, local.date() - timedelta(days=days), _END_OF_DAY, match, bare=False)


def _days(text: str, local: datetime) -> Iterator[Moment]:
    today = local.date()
    for match in _RELATIVE.finditer(text):
        which, part = match["which"], match["part"]
        back = 2 if "before" in which else 1 if which.startswith("y") or which == "last night" else 0
        part = part or next((name for name in ("morning", "afternoon") if name in which), None)
        bare = which in ("today", "this evening", "this afternoon", "earlier")
        yield _on_day(text, local, today - timedelta(days=back), _latest(part), match, bare=bare)
    for match in _WEEKDAY.finditer(text):
        back = (today.weekday() - _DAYS.index(match["day"])) % 7
        if back == 0 and match["last"]:
            back = 7
        latest, bare = _latest(match["part"]), not match["last"]
        moment = _on_day(text, local, today - timedelta(days=back), latest, match, bare=bare)
        if moment.at > local.astimezone(UTC):
            moment = _on_day(text, local, today - timedelta(days=back or 7), latest, match, bare=bare)
        yield moment
    for match in _DATE.finditer(text):
        said = _calendar_day(match[0], local)
        if said is not None:
            yield _on_day(text, local, said, _END_OF_DAY, match, bare=True)


def _bare_clock(text: str, local: datetime) -> Iterator[Moment]:
    for match in re.finditer(r"\b(?:finish(?:ed)?|ended|end|done|over|out)(?: it)?(?: was)? " + CLOCK.pattern, text):
        reading = clock_time(match)
        if reading is not None:
            at = _at(local, local.date(), reading[0])
            yield _moment(at if at <= local.astimezone(UTC) else at - timedelta(days=1), True, False, match)


def _latest(part: str | None) -> time:
    return _LATEST.get("afternoon" if part and part.startswith("lunch") else part or "", _END_OF_DAY)


def _on_day(text: str, local: datetime, day: date, latest: time, match: re.Match[str], *, bare: bool) -> Moment:
    """The moment on a day: at the clock time said nearby, else the latest the words allow, never past `local`."""
    now = local.astimezone(UTC)
    near = _clock_near(text, match)
    if near is not None:
        (hour, certain), start, end = near
        at = _at(local, day, hour)
        if at > now and not certain and hour.hour >= 12:
            at = _at(local, day, time(hour.hour - 12, hour.minute))
        return Moment(at, True, bare, start, end)
    at = _at(local, day, latest)
    return _moment(min(at, now) if day >= local.date() else at, False, bare, match)


def _clock_near(text: str, match: re.Match[str]) -> tuple[tuple[time, bool], int, int] | None:
    """A time of day just after or just before the words for the day."""
    after = CLOCK.search(text, match.end())
    if after is not None and _joined(text[match.end() : after.start()]):
        reading = clock_time(after)
        if reading is not None:
            return reading, match.start(), after.end()
    for before in CLOCK.finditer(text, max(0, match.start() - 24), match.start()):
        if _joined(text[before.end() : match.start()]) and not text[: before.start()].endswith("day "):
            reading = clock_time(before)
            if reading is not None:
                return reading, before.start(), match.end()
    return None


def _joined(between: str) -> bool:
    """Whether only small words stand between the day and the time of day."""
    return len(between) <= _NEAR_CLOCK and _SMALL_WORDS.fullmatch(between) is not None


def _calendar_day(words: str, local: datetime) -> date | None:
    parsed = dateparser.parse(
        re.sub(r"(?<=\d)(?:st|nd|rd|th)| of", "", words),
        languages=["en"],
        settings={"RELATIVE_BASE": local.replace(tzinfo=None), "PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"},
    )
    return parsed.date() if parsed is not None else None


def _at(local: datetime, day: date, hour: time) -> datetime:
    # A wall-clock time that the autumn change repeats is read as its second, later pass.
    return datetime.combine(day, hour, local.tzinfo).replace(fold=1).astimezone(UTC)


def _moment(at: datetime, exact: bool, bare: bool, match: re.Match[str]) -> Moment:
    return Moment(at.astimezone(UTC), exact, bare, match.start(), match.end())
