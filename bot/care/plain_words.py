"""Brings a patient's words into the one form that the time readers know: typing errors, numbers in words, Spanish."""

from __future__ import annotations

import re

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ONE = "|".join(_ONES)
_TEN = re.compile(rf"\b(?P<ten>{'|'.join(_TENS)})(?:[ -](?P<one>{'|'.join(_ONES[:9])}))?\b")
_TEENS = {
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
    "nineteen": "19",
}  # fmt: skip
_QUARTER = re.compile(rf"\bquarter (?P<way>past|after|to|before|of) (?P<hour>\d{{1,2}}|{_ONE})\b")
_HOUR_WORD = re.compile(
    rf"\b(?P<lead>(?:at|around|about|by) )(?P<hour>{_ONE})\b(?= ?(?:$|[ap]\.?m\b|o'?clock|yesterday|today|on |in the"
    r"|this |[,.?!]))"
)
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
_AND_A_HALF = re.compile(rf"\b(?P<n>\d+|{_ONE}) and a half (?P<unit>hours?|hrs?|days?|weeks?)\b")


def plain(text: str) -> str:
    """`text` in lower case with single spaces, its typing errors mended and its numbers in digits where that helps."""
    words = " ".join(text.lower().replace("’", "'").split())
    words = _TEN.sub(lambda match: str(_TENS[match["ten"]] + (_value(match["one"]) if match["one"] else 0)), words)
    for word, digits in _TEENS.items():
        words = re.sub(rf"\b{word}\b", digits, words)
    words = _QUARTER.sub(_quarter, words)
    words = _AND_A_HALF.sub(lambda match: f"{_value(match['n'])}.5 {match['unit']}", words)
    words = _HOUR_WORD.sub(lambda match: f"{match['lead']}{_value(match['hour'])}", words)
    for pattern, mended in _REPLACED:
        words = pattern.sub(mended, words)
    return words


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _ONES.index(word) + 1


def _quarter(match: re.Match[str]) -> str:
    hour = _value(match["hour"])
    if match["way"] in ("past", "after"):
        return f"{hour}:15"
    return f"{hour - 1 or 12}:45"
