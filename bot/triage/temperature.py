"""Body temperatures: which numbers are one, and whether it is a fever (38.0 °C, 100.4 °F; CEL, NHS Cellulitis)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from bot.triage.numbers import Number, numbers_in

FEVER_C = 38.0
# Above it a number with a unit is the weather or the wash, unless it is said to be a temperature.
_HOTTEST_C = 41.9
_LOWEST_PLAIN_F = 101.0
_NEAR = 90
_FEW_WORDS = 4
_UNIT = re.compile(
    r"^\s{0,2}(?:°|º|(?:deg|degrees?|grad|grados|degres|graus|celsius|c|f|fahrenheit|centigrade)\b|درجه)"
)
_NOT_A_TEMPERATURE_AFTER = re.compile(
    r"^(?:st|nd|rd|th|[abdeghijklmnpqrstuvwxyz])\b"
    r"|^(?: ?- ?|\s{0,2})(?:[%$€£#+]"
    r"|(?:euros?|eur|quid|pounds?|dollars?|usd|gbp|bucks?|percent|per|each)\b"
    r"|an? (?:session|month|week|box|bottle|go|pop|day|year|visit|head|tube|can|time|hour|pack|night)\b"
    r"|(?:bpm|beats|pulse|years?|yrs?|yr|yo|y/o|y\.o|male|female|man|woman|m|and (?:female|male|balding|bald))\b"
    r"|(?:today and|birthday|candles|degrees? of|regular|waist|chest|collar|inch\w*|acres?|pages?|stairs|steps)\b"
    r"|(?:days?|weeks?|hours?|hrs?|h|mins?|minutes?|seconds?|secs?|months?|pm|am|times|x|over)\b"
    r"|(?:ml|mg|mcg|g|grams?|mm|cm|km|kg|kilos?|lbs?|k|mph|kph|miles?|met(?:re|er)s?|calories|volts?)\b"
    r"|(?:watts?|fm|mpg|mb|gb|rpm|psi|grit|tog|lit(?:re|er)s?|on the dot|c in proper)\b"
    r"|(?:grafts?|sessions?|people|hairs?|needles|pins|patients|customers|reviews|emails|photos|bus)\b"
    r"|(?:sq|square|cm2|cm²|m2|dalmatians|questions|ways|followers|guests|cousins|coverage|round with)\b"
    r"|(?:not out(?! of)|runs|likes|points|boxes|bottles|in (?:new|stock|the queue))\b"
    r"|\w+ (?:street|road|avenue|lane)\b"
    r"|in (?:august|september|march|may|june|july))"
)
_NOT_A_TEMPERATURE_BEFORE = re.compile(
    r"(?:[$€£#]|\b(?:pulse|heart ?rate|hr|bpm|aged?|my age|turn(?:s|ed|ing)?|sizes?|room|pages?|p\.|spf|numbers?|no\."
    r"|chapter|unit|code|plot|row|seat|gate|platform|channel|waist|born in|norwood|episode|level"
    r"|model|part|locker|bay|table|exit|lesson|flight|tune in to|tune in|coverage|density"
    # Blood tests and the body's measures.
    r"|ferritin|iron|tsh|testosterone|dht|vit(?:amin)? d|d3|b12|hba1c|ha?ematocrit|ha?emoglobin|cholesterol"
    r"|ldl|hdl|sugars?|glucose|bmi|psa|crp|zinc|shoes?|collar|i walked|i cycled|i swam|followers)"
    r"|\b(?:costs?|paid|pay|price|charge[ds]?|for|only|step|day|over|under|than|bus|route|weigh\w*|order|invoice)"
    r"|\b(?:flat|apartment|house|spent|worth|save|saved|tip|lost|won)"
    r"|\b(?:roller|pen|kit|serum|shampoo|foam|bottle|tube|cream|hat|course|one|minoxidil|regaine)(?:'s)?)"
    r"(?: is| was| of| at| about| like| only| around| just| up to| the big)?[\s:]{0,2}$"
)
# "Aftercare 101" is a first lesson.
_A_LESSON = re.compile(r"\b(?:\w*care|minoxidil|(?:micro)?needling|derma\w+|hair ?loss|hair|basics|english)[\s:]{0,2}$")
_FOR_A_THING = re.compile(r"^ for (?:the|an?|one|two|three|six|it|that|this|each)\b")
# Whole years only: "i'm 38.5" is no age.
_AN_AGE_BEFORE = re.compile(r"\b(?:i am|i'm|im|i was|i'll be|he's|she's|he is|she is|who's|who is|only)[\s:]{0,2}$")
_CUE = re.compile(
    r"\b(?:temp\w*|thermomet\w*|thermo\b|(?<!\bno )fever\w*|(?:a|the) reading|measured"
    r"|reading (?:of|is|was|says|said|shows)"
    r"|strips? (?:went|said|says|lit|shows|showed|turned)|termom\w*|fiebre|fievre|fieber|febre"
    r"|(?:forehead|ear|temple|under (?:the|my) (?:tongue|arm)) (?:strips?|thing|gun|scan\w*))\b|حرار|حمى"
)
_ILL = re.compile(
    r"\b(?:hot|shiver\w*|shak\w*|chills?|sweat\w*|flu\w*|sick|ill|unwell|rough|poorly|ach\w+|clammy|forehead|headache"
    r"|burning up|boiling|freezing|duvet|blankets?|paracetamol|ibuprofen|tylenol|advil|calpol|lemsip|panadol|nurofen"
    r"|pus|ooz\w+|swollen|throb\w*|infect\w*)\b"
)
_TREATED = re.compile(r"\b(?:derma\w*|needl\w*|microneedl\w*|session|treatment|roll(?:ed|ing|er)|scalp)\b")
_SAYS = re.compile(
    r"(?:have|has|having|with|had|says|said|shows?|showing|showed|shot up to|hit|hits|got|was|is|at|to|around|about"
    r"|nearly|almost|over|^|running a?|it|it's|its|now|still|back up to|up to|touching|reads|i'm at|im at|i'm"
    r"|(?:he|she|dad|mum|mom|husband|wife|son|daughter|brother|sister)'s)\s*$"
)
_MOMENT = re.compile(
    r"^\s{0,2}(?:$|[.,!?]|this morning|today|last night|tonight|now|since|on the|after|all (?:day|night)|and rising"
    r"|yesterday|again|twice|lol|haha|omg|help|ish|and climbing|and a (?:half|bit))"
)
_AND_A_BIT = re.compile(r"^ point (?:something|one|two|three|four|five|six|seven|eight|nine)\b")
_SINCE = re.compile(r"^\s{0,2}(?:after|since|this morning|last night|tonight|right now|the night after)\b")
_OUTDOORS = re.compile(
    r"\b(?:outside|weather|outdoors|forecast|heatwave|in dubai|sun|spain|summer here|airport|degrees here"
    r"|thermostat|recipe|bread|bak(?:e|ing)|typo"
    r"|heat\b|humid\w*|room temp\w*|sauna|foundry|shade|parasol|greenhouse|sunscreen|suncream|roof\w*|desert|beach)\b"
)
# Said in front of the weather's degrees: "hace 38 grados", "il fait", "faz", "bei uns sind es".
_THE_WEATHER_IS = re.compile(r"(?:\b(?:hacen?|il fait|faz|fazendo|sind es|hat es)|عندنا)\s*$")
_HAS = re.compile(r"\b(?:with|have|had|having|running)(?: an?)?\s*$")
# Other things that have a temperature: only in the number's own clause, for "102, when can i wash it" is a fever.
_OTHER_THING = re.compile(
    r"\b(?:above|below|water|wash\w*|shower|oven|steam|pool|bath|boiler|fridge|store|storage|laundry|cycle|iron|dryer"
    r"|grill|kitchen|yoga|page|typo|month|walk|roasting|at work|figure|convert|garden|radio|kettle|wine)\b"
)
_MONEY = re.compile(
    r"[$€£]|\b(?:euros?|eur|quid|pounds|dollars?|bucks|cents|price\w*|paid|pay|paying|payment|cost\w*|charge[ds]?"
    r"|shops?|website|web ?site|basket|checkout|order(?:ed)?|deliver\w*|postage|refund\w*|deposit|quote[ds]?|invoice"
    r"|bill(?:ed)?|statement|receipt|discount|offer|total|fee|card|cash|cheaper|expensive|on the site|online|amazon"
    r"|ebay|boots|superdrug|pharmacy sells|a month|monthly|package|voucher|deal|budget|instal\w*|subscription)\b"
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
    return [
        Temperature(celsius, number.start, number.end)
        for number in numbers_in(folded)
        if (celsius := _body_celsius(number)) is not None and _is_temperature(number, celsius, folded)
    ]


def _body_celsius(number: Number) -> float | None:
    if 34.0 <= number.value <= 43.0:
        return number.value
    if 94.0 <= number.value <= 109.0:
        return round((number.value - 32) / 1.8, 2)
    return None


def _is_temperature(number: Number, celsius: float, folded: str) -> bool:
    if _THE_WEATHER_IS.search(number.before) and not _CUE.search(number.after):
        return False
    around = f"{number.before} {number.after}"
    if _CUE.search(around):
        return bool(_UNIT.match(number.after)) or not _is_something_else(number)
    clause = f"{number.before.split(',')[-1]} {number.after.split(',')[0]}"
    if (_OUTDOORS.search(around) or _OTHER_THING.search(clause)) and not _HAS.search(number.before):
        return False
    near = folded[max(0, number.start - _NEAR) : number.end + _NEAR]
    ill = bool(_ILL.search(near) or _CUE.search(near))
    if _UNIT.match(number.after):
        return celsius <= _HOTTEST_C and (ill or not _MONEY.search(near))
    if _is_something_else(number):
        return False
    if (_MONEY.search(near) or _FOR_A_THING.match(number.after)) and not ill:
        return False
    # A thermometer named anywhere makes the whole message about it.
    ill = ill or _CUE.search(folded) is not None
    return _stands_alone(number, folded) or _is_told_as_one(number, ill, ill or bool(_TREATED.search(near)))


def _is_something_else(number: Number) -> bool:
    after, before = _NOT_A_TEMPERATURE_AFTER.match(number.after), _NOT_A_TEMPERATURE_BEFORE.search(number.before)
    age = not number.decimal and _AN_AGE_BEFORE.search(number.before)
    return bool(after or before or age) or _is_a_lesson(number)


def _is_a_lesson(number: Number) -> bool:
    named = number.value == 101 and _A_LESSON.search(number.before)
    return bool(named) and not _ILL.search(f"{number.before} {number.after}")


def _stands_alone(number: Number, folded: str) -> bool:
    """Whether the number is all, or nearly all, that was written: the answer to our question."""
    exact = (number.decimal and not number.price_like) or number.value >= _LOWEST_PLAIN_F
    rest = folded[: number.start] + folded[number.end :]
    return exact and sum(1 for _ in islice(re.finditer(r"\w+", rest), _FEW_WORDS + 1)) <= _FEW_WORDS


def _is_told_as_one(number: Number, ill: bool, concerned: bool) -> bool:
    """Whether the words next to a bare number are those of a temperature (`concerned`: illness or treatment near)."""
    after, before = number.after, number.before
    if _AND_A_BIT.match(after) or (concerned and _SINCE.match(after)):
        return True
    if number.spoken and number.value < 100 and not number.decimal:
        return ill and _SAYS.search(before) is not None
    if number.spoken or (number.value >= _LOWEST_PLAIN_F and not before.strip()):
        return _MOMENT.match(after) is not None or ill
    if number.decimal and not number.price_like:
        said = _MOMENT.match(after) is not None or _SAYS.search(before) is not None
        return concerned or said
    return ill and _SAYS.search(before) is not None
