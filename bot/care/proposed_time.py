"""A coming time a patient proposes: "so tomorrow morning at 7?", "tonight", "in 3 hours", "on friday"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.care.clock_words import CLOCK, clock_time, number
from bot.care.plain_words import plain

_DAY = re.compile(
    r"\b(?P<word>day after tomorrow|tomorrow|tmrw|tmr|tomoz|2moro|tonight|tonite|today"
    r"|this (?:evening|afternoon|morning)"
    r"|before bed|at bedtime|(?:this |the |at the )?weekend"
    r"|(?:on |this |next |by )?(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun(?=day| \d| at\b"
    r"| morning|,? then)|(?<=on )sun|(?<=this )sun|(?<=by )sun)(?:day)?)\b"
    r"(?: (?:at |around |about )?(?:in the )?(?P<part>morning|afternoon|evening|night))?"
)
_IN = re.compile(
    r"\bin (?:about |like |around )?(?P<n>\d+(?:\.\d+)?|half an|an?|one|two|three|four|five|six|a couple of"
    r"|a few) (?P<unit>h(?:ours?|rs?)?|d(?:ays?)?)\b"
)
_LOOKS_BACK = re.compile(r"\byou(?:'re| are|r) right\b|\bit was\b")
_PART_AFTER = re.compile(r"\b(?:in the (?P<part>morning|lunch|afternoon|evening)|at (?P<night>night))\b")
_PART_ALONE = re.compile(r"\bin the (?P<part>morning|lunch|afternoon|evening)\b")
_BY_HABIT = (
    (re.compile(r"\bbefore (?:work|school|breakfast)\b"), "in the morning"),
    (re.compile(r"\bafter lunch\b"), "in the afternoon"),
    (re.compile(r"\b(?:at|over|this) lunch(?: ?time)?\b|\blunch ?time\b|(?<=tomorrow )lunch\b"), "in the lunch"),
    (re.compile(r"\bafter (?:work|school|dinner|tea|supper)\b"), "in the evening"),
)
_AT_CLOCK = re.compile(r"\b(?:at|around|by) " + CLOCK.pattern)
_CLOCK_OUTRIGHT = re.compile(r"(?=\b\d{1,2}(?::\d\d| ?[ap]\.?m\b))" + CLOCK.pattern)
_CLOCK_ONLY = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|or|then|what about|how about|maybe|say|hmm+|fine|right|grr+)\W+)*"
    + CLOCK.pattern
    + r"(?: (?:then|ok(?:ay)?|instead|fine|better))*\W*$"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARTS = {
    "morning": (time(6), time(12)),
    "lunch": (time(12), time(14)),
    "afternoon": (time(12), time(18)),
    "evening": (time(18), time(23, 59)),
    "night": (time(18), time(23, 59)),
}
_SLEPT_THROUGH = range(1, 6)  # without am or pm these are after noon: nobody plans for three at night
_WHOLE_DAY = (time(0), time(23, 59))


@dataclass(frozen=True)
class Proposal:
    """The earliest and latest moment (UTC) the words may mean; equal when a time was said outright."""

    earliest: datetime
    latest: datetime
    tonight: bool = False

    @property
    def exact(self) -> bool:
        """Whether the words name one moment."""
        return self.earliest == self.latest


def parse_proposed_time(text: str, now: datetime, zone: tzinfo) -> Proposal | None:
    """The coming time proposed in `text`, or None. `now` is aware; a time already past is no proposal."""
    words = plain(text)
    if _LOOKS_BACK.search(words):
        return None
    for habit, part in _BY_HABIT:
        words = habit.sub(part, words)
    local = now.astimezone(zone)
    proposal = _counted(words, local) or _day(words, local) or _clock_alone(words, local) or _part_alone(words, local)
    return proposal if proposal is not None and proposal.latest > now.astimezone(UTC) else None


def _counted(words: str, local: datetime) -> Proposal | None:
    match = _IN.search(words)
    if match is None:
        return None
    count = number(match["n"])
    if match["unit"].startswith("h"):
        at = local.astimezone(UTC) + timedelta(hours=count)
        return Proposal(at, at)
    return _window(local, local.date() + timedelta(days=int(count)), _WHOLE_DAY)


def _day(words: str, local: datetime) -> Proposal | None:
    days = list(_DAY.finditer(words))
    if not days:
        return None
    match = next((day for day in days if _clock_after(words, day)), days[0])
    word, part, today = match["word"], match["part"], local.date()
    tonight = word in ("tonight", "tonite", "before bed", "at bedtime", "this evening")
    if match["weekday"]:
        ahead = (_WEEKDAYS.index(match["weekday"][:3]) - today.weekday()) % 7 or 7
    elif "weekend" in word:
        ahead = (5 - today.weekday()) % 7
    else:
        ahead = 2 if word.startswith("day after") else 1 if word.startswith(("tom", "tm", "2m")) else 0
    day = today + timedelta(days=ahead)
    part = (
        "evening" if tonight else part or (word.split()[-1] if word.startswith("this ") else _part_after(words, match))
    )
    clock = _clock_after(words, match)
    if clock is not None:
        return _at_clock(local, day, clock, part, tonight=tonight)
    return _window(local, day, _PARTS.get(part or "", _WHOLE_DAY), tonight=tonight)


def _part_after(words: str, match: re.Match[str]) -> str | None:
    found = _PART_AFTER.search(words, match.start())
    return (found["part"] or found["night"]) if found else None


def _clock_after(words: str, day: re.Match[str]) -> tuple[time, bool] | None:
    found = CLOCK.search(words, day.end())
    if found is not None and found.start() - day.end() <= 4:
        return clock_time(found)
    before = [m for m in CLOCK.finditer(words, max(0, day.start() - 16), day.start()) if day.start() - m.end() <= 4]
    return clock_time(before[-1]) if before else None


def _clock_alone(words: str, local: datetime) -> Proposal | None:
    match = _AT_CLOCK.search(words) or _CLOCK_OUTRIGHT.search(words) or _CLOCK_ONLY.search(words)
    reading = clock_time(match) if match else None
    if match is None or reading is None:
        return None
    part = _part_after(words, match)
    proposal = _at_clock(local, local.date(), reading, part)
    return proposal if proposal.latest > local else _at_clock(local, local.date() + timedelta(days=1), reading, part)


def _part_alone(words: str, local: datetime) -> Proposal | None:
    """The next such part of a day: in the evening it is tomorrow's morning."""
    match = _PART_ALONE.search(words)
    if match is None:
        return None
    low, high = _PARTS[match["part"]]
    return _window(local, local.date() + timedelta(days=high <= local.time()), (low, high))


def _at_clock(
    local: datetime, day: date, reading: tuple[time, bool], part: str | None, *, tonight: bool = False
) -> Proposal:
    hour, certain = reading
    half = hour.hour % 12
    if certain or hour.hour == 0 or (part is None and half in _SLEPT_THROUGH):
        low = high = hour
    elif part == "morning":
        low = high = time(half or 12, hour.minute)
    elif part is not None:
        low = high = time(half + 12, hour.minute)
    else:  # "tomorrow at 7" may be the morning or the evening
        low, high = time(half, hour.minute), time(half + 12, hour.minute)
        if datetime.combine(day, low, local.tzinfo) <= local:
            low = high
    return _window(local, day, (low, high), tonight=tonight)


def _window(local: datetime, day: date, hours: tuple[time, time], *, tonight: bool = False) -> Proposal:
    low, high = (datetime.combine(day, hour, local.tzinfo).astimezone(UTC) for hour in hours)
    return Proposal(low, high, tonight)
