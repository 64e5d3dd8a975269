"""Brings a patient's words into the one form that the time readers know: typing errors, numbers in words, Spanish."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from bot.triage.words import flat

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ONE = "|".join(_ONES)
_TEN = re.compile(rf"\b(?P<ten>{'|'.join(_TENS)})(?:[ -](?P<one>{'|'.join(_ONES[:9])}))?\b")
_TEENS = {
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
    "nineteen": "19",
}  # fmt: skip
_QUARTER = re.compile(rf"\bquarter (?P<way>past|after|to|before|of) (?P<hour>\d{{1,2}}|{_ONE})\b")
_PAST_HOUR = re.compile(
    rf"\b(?P<minutes>\d{{1,2}}|five|ten)(?: minutes?)? (?P<way>past|to) (?P<hour>\d{{1,2}}|{_ONE})\b(?! ?(?:h|d"
    rf"|w|m|times|%))"
)
_HOUR_WORD = re.compile(
    rf"\b(?P<lead>(?:at|around|about|by|just (?:gone|after|past|before)) )(?P<hour>{_ONE})\b"
    r"(?= ?(?:$|[ap]\.?m\b|o'?clock|yesterday|today|on |in the|this |when |be\b|or\b|then\b|tomorrow|tonight"
    r"|ok\b|[,.?!]))"
    rf"|\b(?P<alone>{_ONE})(?= ?(?:[ap]\.?m\b|o'?clock))"
)
_MILITARY = re.compile(r"(?<=\bat )(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)\b|\b(?P<h2>\d{1,2})h(?P<m2>[0-5]\d)\b")
_SPELLED = (
    (r"\b(?:yest[aeiou]*rday|yesteday|yesterdy|yesterd|yesturday|ysterday|ystrday|ystday|ystd|yday)\b", "yesterday"),
    (r"\b(?:mondy|munday|moday)\b", "monday"),
    (r"\b(?:tueday|tuseday|teusday|tuesdy|tusday)\b", "tuesday"),
    (r"\b(?:wensday|wedneday|wendsday|weds?nsday|wednsday)\b", "wednesday"),
    (r"\b(?:thrusday|thurday|thursdy|thurdsay|thirsday)\b", "thursday"),
    (r"\b(?:firday|fryday)\b", "friday"),
    (r"\b(?:saterday|satuday|saturdy|satarday)\b", "saturday"),
    (r"\b(?:sundy|sunady)\b", "sunday"),
    (r"\bhr?s? n a half\b", "hours and a half"),
    (r"\bfortnight\b", "2 weeks"),
    (r"\ba 2 weeks\b", "2 weeks"),
    (r"\ban? hour and a half\b|\bone and a half hours?\b|\bhour and a half\b", "1.5 hours"),
    (r"\bnot yesterday,? (?:but |it was |no )*the day before\b", "the day before yesterday"),
    (r"(?<=\d) ?o'? ?clock\b", ""),
    (r"\bayer\b", "yesterday"),
    (r"\banoche\b", "last night"),
    (r"\bhoy\b", "today"),
    (r"\besta mañana\b", "this morning"),
    (r"\bhace (\d+) horas?\b", r"\1 hours ago"),
    (r"\bhace (\d+) d[ií]as?\b", r"\1 days ago"),
    (r"\bme hicieron\b", "had it done"),
)
_REPLACED = tuple((re.compile(pattern), plain) for pattern, plain in _SPELLED)
_OFTEN_MISTYPED = (
    "yesterday", "tomorrow", "morning", "afternoon", "evening", "tonight", "session", "treatment", "around", "finished",
)  # fmt: skip
_LISTED = re.compile(r"(?:^|\s)\(?1[.)] ?\D.*\s\(?2[.)] ?\D")
_LIST_NUMBER = re.compile(r"(?:^|\s)\(?[1-9][.)] ?(?=\D)")
_CLOSE = 0.85
_WORD = re.compile(r"[a-z]{5,}")
_AND_A_HALF = re.compile(rf"\b(?P<n>\d+|{_ONE}) and a half (?P<unit>hours?|hrs?|days?|weeks?)\b")


def plain(text: str) -> str:
    """`text` in lower case with single spaces, its typing errors mended and its numbers in digits where that helps."""
    words = flat(text)
    words = without_list_numbers(words)
    words = _WORD.sub(lambda match: _spelled(match[0]), words)
    words = _TEN.sub(lambda match: str(_TENS[match["ten"]] + (_value(match["one"]) if match["one"] else 0)), words)
    for word, digits in _TEENS.items():
        words = re.sub(rf"\b{word}\b", digits, words)
    words = _QUARTER.sub(_quarter, words)
    words = _AND_A_HALF.sub(lambda match: f"{_value(match['n'])}.5 {match['unit']}", words)
    words = _PAST_HOUR.sub(_past_hour, words)
    words = _HOUR_WORD.sub(_hour_word, words)
    words = _MILITARY.sub(lambda match: f"{match['h'] or match['h2']}:{match['m'] or match['m2']}", words)
    for pattern, mended in _REPLACED:
        words = pattern.sub(mended, words)
    return words


def without_list_numbers(text: str) -> str:
    """The text with a semicolon for each number of a list: "1. washing 2. running" names no two o'clock."""
    return _LIST_NUMBER.sub("; ", text) if _LISTED.search(text) else text


@lru_cache(maxsize=4096)
def _spelled(word: str) -> str:
    """The time word that was meant by a mistyped one, or the word itself."""
    likely = [one for one in _OFTEN_MISTYPED if one[0] == word[0]]
    if any(word.startswith(one) for one in likely):
        return word
    return next(iter(get_close_matches(word, likely, 1, _CLOSE)), word)


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _ONES.index(word) + 1


def _hour_word(match: re.Match[str]) -> str:
    if match["alone"]:
        return str(_value(match["alone"]))
    return f"{'at ' if match['lead'].startswith('just') else match['lead']}{_value(match['hour'])}"


def _past_hour(match: re.Match[str]) -> str:
    minutes, hour = _value(match["minutes"]), _value(match["hour"])
    if not (minutes < 30 and minutes % 5 == 0 and minutes and 1 <= hour <= 12):
        return match[0]
    return f"{hour}:{minutes:02d}" if match["way"] == "past" else f"{hour - 1 or 12}:{60 - minutes}"


def _quarter(match: re.Match[str]) -> str:
    hour = _value(match["hour"])
    if match["way"] in ("past", "after"):
        return f"{hour}:15"
    return f"{hour - 1 or 12}:45"
