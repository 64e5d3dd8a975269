"""Reads an answer to the symptom check that comes in words; what is a sign by itself the gate has seen. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.care.symptom_check import ITEMS, Item
from bot.triage.words import flat

Kind = Literal["signs", "likely", "yes", "none", "unsure", "unclear"]


@dataclass(frozen=True)
class Heard:
    """An answer: yes to `signs`; likely (yes, in so many words); yes alone; none; unsure; or one to ask about."""

    kind: Kind
    items: tuple[Item, ...] = ()


_MOST_WORDS = 12  # an answer is short; a longer message counts as one only where it says yes or no
_MOST_UNSURE_WORDS = 8
_CLAUSE = re.compile(r"[,.;:!\n]+|\b(?:but|though|although|however|and|just)\b")
_DENIED = re.compile(
    r"\b(?:no|not|none|never|without|nor|neither|(?:do|does|did|have|has|is|are|was)n'?t)\b"
    r"(?! (?:sure|certain|idea|clue|know))"
)
_YES = re.compile(
    r"\W*(?:(?:oh|um+|well|sadly|unfortunately|actually|honestly)\W+)*(?:yes|yess+|yeah|yea|yep|yup|yh|ya|aye|y"
    r"|(?:absolutely|definitely|certainly|indeed)(?! not)"
    r"|i (?:do|have|am)(?=\W*$)|(?:one|some|two|three|a few) of (?:them|these|those)|both)\b"
)
_TRAILING_YES = re.compile(r"\b(?:yes|yeah|yep|yup)\W*$")
_LIKELY = re.compile(
    r"(?:\W*(?:yes|yeah|yep|well|um+|hmm+)\W+)*"
    r"(?:(?:i )?(?:think|guess|believe|suppose|reckon)(?: so| yes| i (?:do|have|might))"
    r"|i'?m afraid so|(?:most )?(?:likely|probably)(?: yes| so)?|(?:it )?seems so|(?:a|just a) (?:bit|little|touch)"
    r"|kind of|kinda|sort of|sorta|sometimes|often|all the time)\W*(?:\b(?:yes|yeah|tho|though)\W*)?"
)
_UNSURE = re.compile(
    r"(?:\b(?:un|not )(?:sure|certain)|\b(?:do not|don'?t) know|\bdunno|\bidk|\bno (?:idea|clue)"
    r"|\b(?:can'?t|cannot|hard to|difficult to) (?:tell|say|see|judge)|\bmaybe|\bperhaps|\bpossibly)\b"
    r"(?! (?:what|when|how|where|why|which|whether|about) \w)"
)
_NONE = re.compile(
    r"\W*(?:(?:oh|um+|well|phew|thankfully|luckily|honestly|lol|(?:ha)+)\W+)*(?:"
    r"(?:none|neither|nope|nah|naw|negative)\b|(?:definitely|absolutely|certainly|of course) not\b|not (?:any|yet)\b"
    r"|(?:i )?(?:have|see|feel|got) (?:none|nothing)\b|(?:i )?(?:do not|don'?t|have not|haven'?t)\W*$"
    r"|no (?:signs|symptoms)\b|no+"
    r"(?=\W*$|\W*[,.;!)\n]| (?:no|none|nothing|not|neither|i|i'm|i've|it|it's|its|just|only|but|thanks?|ty|sorry"
    r"|of|to|don'?t|haven'?t|all|really|at|that|they|there|so|atm|right|everything)\b)"
    r"|nothing(?: (?:like|of) (?:that|those|these|the)|(?: really| at all)?\W*$)"
    r"|not (?:really|at all|that i|as far)\b|(?:i )?(?:do not|don'?t) think so"
    r"|(?:i )?(?:do not|don'?t|have not|haven'?t|ain'?t)(?: \w+)? (?:any|none)\b)"
)
_ITEM: dict[Item, re.Pattern[str]] = {
    "fever": re.compile(r"\bfever|\btemperature\b|\btemp\b|\bchills?\b|\bshiver"),
    "spreading": re.compile(
        r"spread|\bredder\b|\bhotter\b|more (?:and more )?(?:pain|sore|red\b|tender)|hurts? more"
        r"|getting (?:worse|hot|sore|red)"
    ),
    "pus": re.compile(
        r"\bpus\b|\booz|\bweep|discharge|smelly|(?:bad|foul|funny|weird) smell|smells? (?:bad|off|foul|funny|weird)"
    ),
    "breathing": re.compile(
        r"\bbreath|\bthroat\b|(?:swell|swoll|puff)\w*(?: \w+){0,3} (?:face|lips?|tongue|eyes?)\b"
        r"|\b(?:face|lips?|tongue|eyes?)(?: \w+){0,3} (?:swell|swoll|puff)"
    ),
}
# These name an item only beside a yes.
_BESIDE_YES: dict[Item, re.Pattern[str]] = {
    "fever": re.compile(r"\bhot and cold\b"),
    "spreading": re.compile(r"\bred(?:ness)?\b|\bhot\b|\bheat\b|\bpain|\bsore"),
    "pus": re.compile(r"\bsmell|\bwet\b|\byellow"),
    "breathing": re.compile(r"\bswell|\bswollen\b|\bpuffy\b|\bface\b|\blips?\b|\btongue\b"),
}
_VAGUE = re.compile(r"\bswell|\bswollen\b|\bpuffy\b")
_FEW_WORDS = 3
_PLACES = {
    "1": 0, "1st": 0, "first": 0, "2": 1, "2nd": 1, "second": 1, "two": 1, "3": 2, "3rd": 2, "third": 2, "three": 2,
    "4": 3, "4th": 3, "fourth": 3, "four": 3,
}  # fmt: skip
_AROUND = {
    "yes", "yeah", "yep", "ok", "the", "number", "nr", "option", "one", "and", "it", "it's", "its", "is", "was", "i",
    "do", "have", "think", "also", "maybe", "a", "bit", "of",
}  # fmt: skip


def read_answer(text: str) -> Heard | None:
    """How a message answers the check; None where it is no answer to it."""
    said = flat(text)
    picked = _picked(said)
    if picked:
        return Heard("signs", picked)
    yes = _YES.match(said) is not None or _TRAILING_YES.search(said) is not None
    no = _NONE.match(said) is not None
    if len(said.split()) > _MOST_WORDS and not (yes or no):
        return None
    named = _named(said, yes=yes) if yes or "?" not in said else ()
    if named:
        return Heard("signs", named)
    kind = _kind(said, yes=yes, no=no)
    return Heard(kind) if kind else None


def _kind(said: str, *, yes: bool, no: bool) -> Kind | None:
    if _UNSURE.search(said) and "?" not in said and len(said.split()) <= _MOST_UNSURE_WORDS:
        return "unsure"
    if _LIKELY.fullmatch(said):
        return "likely"
    if no or _denies_several(said):
        return "none"
    if yes:
        return "yes"
    return "unclear" if "?" not in said and _mentions(said) else None


def _mentions(said: str) -> bool:
    """Whether an item is spoken of in some way: denied alone, or named without a yes."""
    patterns = [_VAGUE, *_ITEM.values(), *(_BESIDE_YES.values() if len(said.split()) <= _FEW_WORDS else ())]
    return any(pattern.search(said) for pattern in patterns)


def _picked(said: str) -> tuple[Item, ...]:
    """Items named by their place in the list: "the second", "2 and 4"; all of them."""
    items = tuple(ITEMS)
    if re.fullmatch(r"\W*(?:yes\W+)?all(?: (?:of )?(?:them|these|those|four))?\W*", said):
        return items
    words = re.findall(r"[\w']+", said)
    places = [_PLACES[word] for word in words if word in _PLACES]
    if not places and words in (["one"], ["number", "one"], ["option", "one"]):
        places = [0]
    if not places or any(word not in _PLACES and word not in _AROUND for word in words):
        return ()
    return tuple(items[place] for place in sorted(set(places)))


def _named(said: str, *, yes: bool) -> tuple[Item, ...]:
    clauses = [clause for clause in _CLAUSE.split(said) if not _DENIED.search(clause)]

    def names(item: Item) -> bool:
        patterns = (_ITEM[item], _BESIDE_YES[item]) if yes else (_ITEM[item],)
        return any(pattern.search(clause) for pattern in patterns for clause in clauses)

    return tuple(item for item in ITEMS if names(item))


def _denies_several(said: str) -> bool:
    denied = [clause for clause in _CLAUSE.split(said) if _DENIED.search(clause)]
    return sum(any(pattern.search(clause) for clause in denied) for pattern in _ITEM.values()) > 1
