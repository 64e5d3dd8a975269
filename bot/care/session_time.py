"""When did the session end? Reads it from a patient's own words, wherever in a message they say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from bot.care.calendar_words import DateOrder
from bot.care.clock_words import CLOCK, clock_time
from bot.care.plain_words import plain
from bot.care.time_words import Moment, past_moments
from bot.care.treatment import Treatment

_CLAUSE_END = re.compile(r"[;!?\n]+|\.(?!\d)|,| but | so | and | because | cos | cuz | then | with (?!you\b|u\b)")
_CUE = re.compile(
    r"\b(?:session|treatment|treated|procedure|needl\w+|micro ?-?needl\w*|derma ?roll\w*|appointment|appt"
    r"|(?:had|got|get|did|having) (?:it|mine|this|them|his|hers|theirs|my (?:scalp|head))(?: all)? (?:done"
    r"|treated|needled)"
    r"|(?:had|got|did) (?:it|mine)\b|(?:was|been|got|get) done|finish(?:ed)?|(?:saw|to see|seen) you\b"
    r"|left (?:the clinic|your clinic|yours|you)\b|(?:out of|at) (?:the|your) clinic|(?:was|been|came) (?:with"
    r"|to|at|by) (?:you|yours|u)\b"
    r"|(?:home|back|out) (?:from|of) (?:it|there|my (?:scalp|hair) (?:thing|needling)))"
)
_COMING = re.compile(
    r"\b(?:next|upcoming|booked|booking|book|planned|another|will|going to|gonna|tomorrow|if i|should i)\b"
)
_PAST = re.compile(
    r"\b(?:was|were|had|got|did|done|ended|end|finish(?:ed)?|last|treated|needled|went|been|came|left|over|just)\b"
)
_OTHER_ACT = re.compile(
    r"\b(?:wash\w*|shower\w*|shampoo\w*|took|taken|drank|drunk|minox\w*|rogaine|regaine|appl\w+"
    r"|red\w*|bleed\w*|itch\w*"
    r"|hurt\w*|\w*ache\b|tingl\w*|flak\w*|peel\w*|shed\w*|scab\w*|sore|pain\w*|swoll\w*|swell\w*|fever\w*"
    r"|wors\w*|hot|pus|ooz\w*|gym|ran|run|swam"
    r"|started|noticed|woke)\b"
)
_SENTENCE_END = re.compile(r"\s*(?:[;!?\n]+|\.(?!\d))\s*")
_JOINED = re.compile(r",| but | so | and | because | cos | cuz | then | (?=(?:can|may|when|is|should|could|shall) )")
_ASKS = re.compile(
    r"\b(?:can|may|could|shall|should|will|would|is|are|do|does|am|when|what|how|why|which) (?:i|we|he|she|it"
    r"|that|this|the|my|a|you)\b"
    r"|\bhow (?:long|soon)|\bwhen\b|\bok(?:ay)?\b|\byet\b"
)
_FILLER = re.compile(
    r"\b(?:it|its|it's|this|today|was|on|at|around|about|in|the|my|i|think|had|got|did|done|session|treatment"
    r"|ended|finished|of|ok|so|um"
    r"|well|like|maybe|sorry|no|yes|yeah|hi|hello|actually|for|me|morning|afternoon|evening|night"
    r"|that|'?s|just|ish|pm|am|been|since|now|not|wait|oops|sorry|meant|mean|then|to be exact|exactly|nope|nah"
    r"|wrong|correction|rather|instead|by|up|over|first thing|really|guess|probably|say|after|late|early"
    r"|oh|ah|you'?re right|you are right|if that helps|half|found|checked|looked|see"
    r"|says|said|receipt|card|confirmation|email|diary|calendar|phone)\b|\W"
)
_JUST = re.compile(
    r"\bjust (?:now )?(?:had|finished|got|left|came|done|been|walked|stepped)\b(?! (?:home|back) from work)"
)
# "So friday at 4?" holds an hour against a wait that was told.
_HOLDS_AGAINST = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|cool|fine|right|great|good|alright|and|but)\W+)*(?:so|then)\b|\?\W*$|\bthen\W*$",
    re.IGNORECASE,
)
_REACH = 30
_SHORT = 30  # letters of a message that is nothing but a time


def parse_session_time(
    text: str, now: datetime, zone: tzinfo, order: DateOrder = "DMY", *, asked: bool = False
) -> Treatment | None:
    """The session that `text` states, or None. `now` is aware; the result is UTC and never in the future.

    `asked`: the patient answers our question, so a time alone is enough. Otherwise the words must tie the time to the
    session. `said` when a clock time or a count of hours is given, else `vague` with the latest moment the words allow.
    """
    words = plain(text)
    moments = past_moments(words, now, zone, order)
    stated = [moment for moment in moments if _about_session(words, moment)]
    stated = stated or [moment for moment in moments if _by_itself(words, moment)]
    if not stated and (asked or _nothing_else(words, moments)):
        stated = [m for m in moments if asked or not m.bare or _PAST.search(words) or _short_answer(words)]
    if stated:
        best = max(stated, key=lambda moment: (moment.exact, moment.at))  # of two days the later
        return Treatment(best.at, "said" if best.exact else "vague")
    if _JUST.search(words) and _CUE.search(words):
        return None if _COMING.search(words) else Treatment(now, "vague")
    return None


def _short_answer(words: str) -> bool:
    return len(words) < _SHORT and not words.endswith("?")


def counts_days(text: str) -> bool:
    """Whether the text gives the session's time as a day number, which some begin at 0 and some at 1."""
    return re.search(r"\bday \d", plain(text)) is not None


def holds_against(text: str) -> bool:
    """Whether the text holds an hour against a wait that was told, and so is no statement: "so friday at 4?"."""
    return _HOLDS_AGAINST.search(text) is not None


def refine(text: str, known: Treatment, now: datetime, zone: tzinfo) -> Treatment | None:
    """A time of day alone ("it was at 3 pm") put on the day of a vague session time; None where it does not fit."""
    words = plain(text)
    match = CLOCK.search(words)
    reading = clock_time(match) if match else None
    if known.certainty != "vague" or reading is None or match is None or holds_against(text):
        return None
    if _FILLER.sub("", words[: match.start()] + " " + words[match.end() :]):
        return None
    day = known.ended_at.astimezone(zone).date()
    at = datetime.combine(day, reading[0], zone).replace(fold=1).astimezone(UTC)
    return Treatment(at, "said", known.depth_mm) if at <= min(now, known.ended_at) else None


def without_session_time(text: str, now: datetime, zone: tzinfo) -> str:
    """`text` (lower case) without the clauses that say when the session was, so that other times can be read."""
    words = plain(text)
    found = past_moments(words, now, zone)
    clauses = [_clause(words, moment) for moment in found if _about_session(words, moment)]
    alone = [(moment.start, moment.end) for moment in found if _by_itself(words, moment)]
    for start, end in sorted({*(clauses or alone)}, reverse=True):
        words = f"{words[:start]} {words[end:]}"
    return words


def _about_session(words: str, moment: Moment) -> bool:
    """Whether a cue for the session stands in the moment's clause, close by, with nothing else in between."""
    if re.match(
        r"(?:(?:i'?m|i am|it'?s|its|now|currently|only"
        r"|still)\b.*)?\bday \d",
        words[moment.start : moment.end],
    ):
        return True
    start, end = _clause(words, moment)
    clause = words[start:end]
    if moment.bare and not _PAST.search(clause):
        return False
    for cue in _CUE.finditer(words, start, end):
        if _COMING.search(words, max(start, cue.start() - 25), cue.start()):
            continue
        if cue.start() < moment.end and moment.start < cue.end():
            return not _OTHER_ACT.search(words, start, moment.start)
        low, high = sorted((cue.span(), (moment.start, moment.end)))
        between = words[low[1] : high[0]]
        if len(between) <= _REACH and not _OTHER_ACT.search(between):
            return True
    return False


def says_only_when(text: str, now: datetime) -> bool:
    """Whether the message says a time and nothing else, so that it can hold no sign. `now` is aware."""
    words = plain(text)
    if _nothing_else(words, past_moments(words, now, UTC)):
        return True
    clock = CLOCK.search(words)
    rest = f"{words[: clock.start()]} {words[clock.end() :]}" if clock and clock_time(clock) else words
    return clock is not None and not _COMING.search(words) and _FILLER.sub("", rest) == ""


def _by_itself(words: str, moment: Moment) -> bool:
    """Whether a sentence says this time and no more ("it was yesterday at 3pm"), or begins with it and then asks.

    What was washed or hurt in the sentence before it is what the time is about, unless that was a question.
    """
    opened = [end for end in _SENTENCE_END.finditer(words) if end.end() <= moment.start]
    start = opened[-1].end() if opened else 0
    stop = _SENTENCE_END.search(words, moment.end - words[moment.start : moment.end].endswith("."))
    joined = _JOINED.search(words, moment.end, stop.start() if stop else len(words))
    end = joined.start() if joined else stop.start() if stop else len(words)
    if _FILLER.sub("", f"{words[start : moment.start]} {words[moment.end : end]}"):
        return False
    if (stop and stop[0].startswith("?") and not joined) or (moment.bare and not _PAST.search(words, start, end)):
        return False
    before = words[opened[-2].end() if len(opened) > 1 else 0 : opened[-1].start()] if opened else ""
    tells = bool(opened) and not opened[-1][0].startswith("?") and not _ASKS.search(before)
    if tells and _OTHER_ACT.search(before):
        return False
    rest = words[end : stop.start() if stop else len(words)]
    counted = "been" in words[moment.start : moment.end]
    return not joined or counted or _ASKS.search(rest) is not None or not _OTHER_ACT.search(rest)


def _clause(words: str, moment: Moment) -> tuple[int, int]:
    ends: Iterable[re.Match[str]] = _CLAUSE_END.finditer(words)
    start, end = 0, len(words)
    for boundary in ends:
        if boundary.end() <= moment.start:
            start = boundary.end()
        elif boundary.start() >= moment.end:
            end = boundary.start()
            break
    return start, end


def _nothing_else(words: str, moments: list[Moment]) -> bool:
    """Whether the message is a time and nothing else."""
    rest = words
    for moment in sorted(moments, key=lambda m: -m.start):
        rest = rest[: moment.start] + " " + rest[moment.end :]
    return bool(moments) and not _COMING.search(words) and _FILLER.sub("", rest) == ""
