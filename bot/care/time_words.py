"""Finds what a patient says about a past moment: "yesterday at 3pm", "like 20 hours ago", "last tuesday", "day 3".

Every reading is the latest moment the words allow and never lies in the future.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.care.calendar_words import DateOrder, latest_in, named_days
from bot.care.clock_words import CLOCK, clock_time, number

_SPAN = (
    r"(?P<approx>(?:like|about|around|roughly|approx(?:imately)?|(?P<under>almost|nearly|not quite|(?:just )?under"
    r"|less than)|maybe|circa|~|some"
    r"|over|more than|a good|at least)\s*)*"
    r"(?:(?<!\d)(?P<low>\d+)\s*(?:-|–|to|or)\s*)?(?P<n>(?<!\d)\d+(?:[.,]\d+)?|half an?|an?|a couple(?: of)?"
    r"|couple(?: of)?|a few|few|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)\s*(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|months?"
    r"|nights?|evenings?|mornings?|afternoons?)\b"
)
_AGO = re.compile(
    _SPAN + r"\s*(?:ago|since|post\b|out\b(?= from|$|[,.])|back\b|(?:it'?s|its) been|earlier\b)"
    r"(?! (?:i|my scalp|it|the skin) (?:was|went|got)? ?(?:red|itch))"
)
_BEEN = re.compile(
    r"\b(?:(?:it'?s|its|it has|has|now)|^|(?<=[.?!,;] )) ?(?:only |now |already |just )*been (?:only |just )?" + _SPAN
)
_AM_POST = re.compile(r"\b(?:i'?m|i am|only|now) (?:now |only |just )?" + _SPAN + r"\s*(?:post|after|in\b|out\b)")
_WEEK_IN = re.compile(
    r"(?:^|[.!?;,] )" + _SPAN + r" (?:in|out|post|later|on)\b(?= ?(?:$|[.!?;,]|now\b|so\b|can\b|is\b|when\b))"
)
_DAY_N = re.compile(
    r"(?:^|\b(?:i'?m|i am|it'?s|its|now|currently|only|still)(?: on| at| only)? )(?:day"
    r"|dag) (?P<n>\d{1,2})\b(?! of (?!my|the))"
    r"|\bday (?P<n2>\d{1,2}) (?:here|now|today|post)\b"
)
_RELATIVE = re.compile(
    r"\b(?P<which>the day before yesterday|day before yesterday|(?P<now>(?:around |about )?this time) yesterday"
    r"|yesterday|late last night|last night|last evening|yesternight"
    r"|this morning|this afternoon|this evening|this lunch ?time|earlier today|earlier|today|just now)\b"
    r"(?:,? (?:in the |at |over )?(?P<part>morning|afternoon|evening|night|lunch ?time))?"
)
# "Not monday", and the rest of "a week ago today".
_REJECTED = re.compile(r"\b(?:(?:not|wasn'?t|isn'?t)(?: on| at| from)?|ago(?: on)?)\s*(?:the )?$")
_PARTS = ("morning", "afternoon", "lunch", "evening", "night")
_EARLY_SESSIONS = (7, 8)
_AFTER_MIDNIGHT = 5  # until then "today" may be the day that was slept out of
_MORNING_ENDS = 12
_NEAR_CLOCK = 14
_SMALL_WORDS = re.compile(
    r"[\s,]*(?:(?:on|at|around|about|like|in|the|it|finished|ended|done|was|session|just|after|bit|a|by)[\s,]*)*"
)


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


def past_moments(text: str, now: datetime, zone: tzinfo, order: DateOrder = "DMY") -> list[Moment]:
    """Every past moment in lower-case `text`, in order of position; "not monday" is none."""
    local = now.astimezone(zone)
    found = [*_counted(text, local), *_days(text, local), *_named(text, local, order), *_bare_clock(text, local)]
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda m: (m.start, -m.end)):
        if moment.at <= now.astimezone(UTC) and not any(k.start < moment.end and moment.start < k.end for k in kept):
            kept.append(moment)
    return [moment for moment in kept if not _REJECTED.search(text[: moment.start])]


def _counted(text: str, local: datetime) -> Iterator[Moment]:
    for pattern in (_AGO, _BEEN, _AM_POST, _WEEK_IN):
        for match in pattern.finditer(text):
            count, unit = _count(match), match["unit"]
            exact = not (match["approx"] or match["low"]) and not match["n"].strip().startswith(
                ("a ", "couple", "few", "half")
            )
            if unit.startswith(("h", "mi")):
                span = timedelta(hours=count) if unit.startswith("h") else timedelta(minutes=count)
                if span <= timedelta(days=3660):
                    yield _moment(local.astimezone(UTC) - span, exact, False, match)
                continue
            days = _days_of(match, unit)
            if days <= 3660:
                part = unit.rstrip("s") if unit.startswith(("night", "evening", "morning", "afternoon")) else None
                day = local.date() - timedelta(days=int(days))
                yield _on_day(text, local, day, part, match, bare=False)
    for match in _DAY_N.finditer(text):
        days = int(match["n"] or match["n2"])
        yield _on_day(text, local, local.date() - timedelta(days=days), None, match, bare=False)


def _count(match: re.Match[str]) -> float:
    """The count on its later side: of "2-3" it is 2, and "almost 24" may be 23."""
    count = number(match["low"] or match["n"])
    if match["under"] is None:
        return count
    return 0.0 if "less" in match["under"] or "under" in match["under"] else max(0.0, count - 1)


def _days_of(match: re.Match[str], unit: str) -> float:
    """The days of a count of days, weeks or months, on its later side: "nearly a week" may be six days."""
    length = {"w": 7, "mon": 30}.get(unit[:3] if unit.startswith("mon") else unit[0], 1)
    if length > 1 and match["under"] in ("almost", "nearly", "not quite"):
        return number(match["low"] or match["n"]) * length - 1
    return _count(match) * length


def _days(text: str, local: datetime) -> Iterator[Moment]:
    today = local.date()
    for match in _RELATIVE.finditer(text):
        which, part = match["which"], match["part"]
        if match["now"]:
            exact = not match["now"].startswith(("around", "about"))
            yield _moment(_at(local, today - timedelta(days=1), local.time()), exact, False, match)
            continue
        last = which in ("last night", "late last night", "last evening", "yesternight")
        back = 2 if "before" in which else 1 if which == "yesterday" or last else 0
        part = part or next((name for name in _PARTS if name in which), None)
        bare = which in ("today", "this evening", "this afternoon", "earlier") or (
            which == "this morning" and local.hour < _MORNING_ENDS
        )
        yield _on_day(text, local, today - timedelta(days=back), part, match, bare=bare)


def _named(text: str, local: datetime, order: DateOrder) -> Iterator[Moment]:
    for named in named_days(text, local, order):
        moment = _on_day(text, local, named.day, named.part, named.match, bare=named.bare)
        weekday = named.match.re.groupindex.get("day") and not named.match["day"].isdigit()
        if moment.at > local.astimezone(UTC) and weekday:
            moment = _on_day(text, local, named.day - timedelta(days=7), named.part, named.match, bare=named.bare)
        yield moment


def _bare_clock(text: str, local: datetime) -> Iterator[Moment]:
    for match in re.finditer(
        r"\b(?:finish(?:ed)?|ended|end|done|over|out|left|leaving)(?: it| the clinic| yours| there)?(?: was)? "
        + CLOCK.pattern,
        text,
    ):
        reading = clock_time(match)
        if reading is not None:
            yield _moment(_last_at(local, *reading), True, False, match)


def _last_at(local: datetime, hour: time, certain: bool) -> datetime:
    """The last time it was `hour`: today's, this morning's where that may be meant, else yesterday's."""
    at = _at(local, local.date(), hour)
    if at > local and not certain and hour.hour - 12 in _EARLY_SESSIONS:
        at = _at(local, local.date(), time(hour.hour - 12, hour.minute))
    return at if at <= local else _at(local, local.date() - timedelta(days=1), hour)


def _on_day(text: str, local: datetime, day: date, part: str | None, match: re.Match[str], *, bare: bool) -> Moment:
    """The moment on a day: at the clock time said nearby, else the latest the words allow, never past `local`."""
    now = local.astimezone(UTC)
    near = _clock_near(text, match)
    if near is not None:
        (hour, certain), start, end = near
        if not certain:
            hour = _in_part(hour, part)
        at = _at(local, day, hour)
        if at > now and not certain and hour.hour - 12 in _EARLY_SESSIONS:
            at = _at(local, day, time(hour.hour - 12, hour.minute))
        if at > now and day == local.date() and local.hour < _AFTER_MIDNIGHT:
            at = _at(local, day - timedelta(days=1), hour)
        return Moment(at, True, bare, start, end)
    at = _at(local, day, latest_in(part))
    return _moment(min(at, now) if day >= local.date() else at, False, bare, match)


def _in_part(hour: time, part: str | None) -> time:
    """An hour without am or pm, read in the part of the day that was said."""
    if part == "morning" and hour.hour > 12:
        return time(hour.hour - 12, hour.minute)
    if part in ("afternoon", "evening", "night") and 0 < hour.hour < 12:
        return time(hour.hour + 12, hour.minute)
    return hour


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


def _at(local: datetime, day: date, hour: time) -> datetime:
    # A wall-clock time that the autumn change repeats is read as its second, later pass.
    return datetime.combine(day, hour, local.tzinfo).replace(fold=1).astimezone(UTC)


def _moment(at: datetime, exact: bool, bare: bool, match: re.Match[str]) -> Moment:
    return Moment(at.astimezone(UTC), exact, bare, match.start(), match.end())
