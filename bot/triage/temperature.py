"""Body temperatures: which numbers are one, and whether it is a fever (38.0 °C, 100.4 °F; CEL, NHS Cellulitis)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.triage.numbers import Number, numbers_in

FEVER_C = 38.0
_UNIT = re.compile(
    r"^\s{0,2}(?:°|º|(?:deg|degrees?|grad|grados|degres|graus|celsius|c|f|fahrenheit|centigrade)\b|درجه)"
)
_NOT_A_TEMPERATURE_AFTER = re.compile(
    r"^\s{0,2}(?:[%$€£#]"
    r"|(?:euros?|eur|quid|pounds?|dollars?|usd|gbp|bucks?|percent|per|each)\b"
    r"|a (?:session|month|week|box|bottle|go|pop|day)\b"
    r"|(?:bpm|beats|pulse|years?|yrs?|yo|y/o|y\.o|male|female|man|woman|m|and (?:female|male|balding|bald))\b"
    r"|(?:days?|weeks?|hours?|hrs?|h|mins?|minutes?|seconds?|secs?|months?|pm|am|times|x|over)\b"
    r"|(?:ml|mg|mcg|mm|cm|km|kg|kilos?|lbs?|k|grafts?|sessions?|people|hairs?)\b"
    r"|in (?:august|september|march|may|june|july))"
)
_NOT_A_TEMPERATURE_BEFORE = re.compile(
    r"(?:[$€£#]|\b(?:pulse|heart ?rate|hr|bpm|aged?|i am|i'm|im|im only|turned|turning|size|room|page|spf|number|no\.)"
    r"|\b(?:costs?|paid|price|charge[ds]?|for|only|step|day|over|under|than|norwood|bus|route|weigh|order|invoice)"
    r"|\b(?:flat|apartment))(?: is| was| of| at| about| like| only| around| just)?[\s:]{0,2}$"
)
_CUE = re.compile(r"\b(?:temp\w*|thermo\w*|fever\w*|reading|termom\w*|fiebre|fievre|fieber|febre|measured)\b|حرار|حمى")
_ILL = re.compile(
    r"\b(?:hot|shiver\w*|chill\w*|sweat\w*|flu\w*|sick|ill|unwell|rough|poorly|ach\w+|clammy|forehead|running"
    r"|paracetamol|ibuprofen|tylenol|advil|derma\w*|needling|microneedling|session|treatment)\b"
)
_SAYS = re.compile(
    r"(?:have|has|having|with|had|says|said|shows?|showing|showed|shot up to|hit|got|was|is|at|to|around|about|nearly"
    r"|almost|over|^|running a?|it)\s*$"
)
_MOMENT = re.compile(
    r"^\s{0,2}(?:$|[.,!?]|this morning|today|last night|tonight|now|since|on the|after|all (?:day|night)|and rising"
    r"|yesterday)"
)
_SINCE = re.compile(r"^\s{0,2}(?:after|since|this morning|last night|tonight|right now)\b")
_OUTDOORS = re.compile(
    r"\b(?:outside|weather|outdoors|forecast|heatwave|in dubai|sun|spain|summer here|airport|degrees here|above|below"
    r"|heat\b|humid\w*|room temp\w*|water|wash\w*|shower|oven|sauna|steam|pool|bath|boiler|fridge|store|storage|laundry"
    r"|cycle|iron|dryer|grill|kitchen|foundry|shade|parasol|yoga|greenhouse|price|page|typo|month|over here|walk"
    r"|roasting|at work|quoted?|figure|convert|sunscreen|suncream)\b"
)


@dataclass(frozen=True)
class Temperature:
    """A temperature of the text, in degrees Celsius, with its offsets."""

    celsius: float
    start: int
    end: int

    @property
    def is_fever(self) -> bool:
        """38.0 °C or more."""
        return self.celsius >= FEVER_C - 0.001


def temperatures_in(folded: str) -> list[Temperature]:
    """Every body temperature in a folded text. Prices, ages, pulses, times and the weather are none."""
    cued = bool(_CUE.search(folded))
    ill = cued or bool(_ILL.search(folded))
    return [
        Temperature(celsius, number.start, number.end)
        for number in numbers_in(folded)
        if (celsius := _body_celsius(number)) is not None and _is_temperature(number, cued, ill)
    ]


def _body_celsius(number: Number) -> float | None:
    if 34.0 <= number.value <= 43.0:
        return number.value
    if 94.0 <= number.value <= 109.0:
        return round((number.value - 32) / 1.8, 2)
    return None


def _is_temperature(number: Number, cued: bool, ill: bool) -> bool:
    around = f"{number.before} {number.after}"
    if _OUTDOORS.search(around) and not _CUE.search(around):
        return False
    if _UNIT.match(number.after):
        return True
    if _NOT_A_TEMPERATURE_AFTER.match(number.after) or _NOT_A_TEMPERATURE_BEFORE.search(number.before):
        return False
    if number.decimal and not number.price_like:
        return True
    if number.spoken and number.value < 100:
        return _CUE.search(around) is not None
    if (number.spoken and _MOMENT.match(number.after)) or (ill and _SINCE.match(number.after)):
        return True
    return (cued and _CUE.search(around) is not None) or (ill and _SAYS.search(number.before) is not None)
