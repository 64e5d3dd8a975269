"""Whether the writer denies a finding: "no pus", "isn't hot or spreading", "fever: none"."""

from __future__ import annotations

from bot.triage.matching import Match
from bot.triage.normalise import LIGHT
from bot.triage.reading import Reading
from bot.triage.tier import Tier
from bot.triage.words import word_set

_NO = word_set(
    "no nil nada without zero never denies deny denied negative lack neither nor none nothing nobody noone free sin "
    "ningun ninguna pas sans aucun aucune kein keine keinen nicht ohne sem nao nenhum nenhuma ni "
    "لا بدون مفيش ليس مش ليست ماعندي"
)
_NOT = word_set("not")
# What "not" may be followed by without saying anything about the finding: "not sure", "no idea", "not just pink".
_ABSORBS = word_set(
    "sure certain idea clue doubt wonder normal know knowing just only merely simply that kidding joke joking lie "
    "worry matter offence offense saying as until long trying to want one answer exaggerating sleeping helping "
    "stopping working better improving improved healing healed enough anymore body thanks thank worries problem "
    "rush solo good great well right ok okay fine stop stops help helped"
) | word_set("peito rosto couro olho olhos corpo braco coracao lado meu")  # Portuguese "no peito": in the chest
_ENDS = word_set(
    "but however though although except just only because since after cause cos cuz so then when while if i it its "
    "he she they we you this there theres pero mais aber mas . ! ? ; … : ( )"
) | {"\n"}
_ENDS_NO = _ENDS | frozenset(["my", "is", "are", "was", "were", "has", "have", "with"])
# What "not" hands on to the words after it: "haven't noticed any pus". Any other verb takes the denial to itself: "did
# not sleep because of the throbbing".
_CARRIES = word_set(
    "have had has having got get getting been being be was were feel feels feeling felt look looks looking looked seem "
    "seems see seen notice noticed show shows showing run running any sign signs of that much more obvious visible "
    "particularly especially experience experienced experiencing develop developed become becoming suffer suffering a "
    "there with in on from a actual single"
)
_OR = word_set("or nor / any ni ou oder")
_LISTS = word_set(", - and n & y et und e")
_CONTRASTS = word_set("but however though although pero mais aber mas just only")
_STOPS = word_set(". ! ? ; …") | {"\n"}
_NOTHING = word_set("nothing nobody noone none")
_THINKS = word_set("think believe reckon")
_THOUGHT = word_set("it its that there theres this s is i have got a")
_PLAIN_NO = word_set("no none nope nil negative absent nah")
_ANSWERS_NO = _PLAIN_NO | frozenset(["zero", "0", "nothing", "nein", "non", "nao", "keine", "aucun", "aucune"])
_ASIDE = word_set(": ? - = -- ( /")
_AFTER_ANSWER = word_set(". , ; ! at so yet thankfully and / )") | {"", "\n"}
_MOST_WORDS = 3
_FARTHEST = 25
_UNPRECEDENTED = word_set("before worse until much this that")


def is_negated(match: Match, tier: Tier, reading: Reading) -> bool:
    """Whether an explicit denial covers one of the match's terms.

    A denial that is part of the pattern itself ("can not breathe") does not count, and reassurance is no denial.
    """
    own = {token for span in match.spans for token in range(span.first, span.last + 1)}
    if _answered_no(match.last, reading):
        return True
    for span in match.spans:
        # "no libido, no feelings, no hope": a finding that is itself a lack is not taken back by the lack before it.
        if reading.norm(span.first) in _NO:
            continue
        for cue in range(span.first - 1, max(-1, span.first - _FARTHEST), -1):
            if not _same_sentence(span.first, cue, reading):
                break
            if cue not in own and _denies(cue, reading) and _reaches(cue, span.first, tier, reading):
                return True
    return False


def _denies(cue: int, reading: Reading) -> bool:
    word = reading.norm(cue)
    if word not in _NO and word not in _NOT:
        return False
    following, before = reading.norm(cue + 1), reading.norm(cue - 1)
    if following in _ABSORBS or following == ",":
        return False
    if word == "nothing" and before in ("probably", "prob", "its", "is", "s", "be"):
        return False
    if word == "never" and any(
        reading.norm(i) in _UNPRECEDENTED for i in range(cue + 2, cue + 12) if _same_sentence(cue, i, reading)
    ):
        return False
    # "it's not that I didn't faint": the second denial is taken back by the first.
    return not any(
        reading.norm(i) in _NOT and reading.norm(i + 1) in ("that", "like", "as") for i in range(cue - 6, cue)
    )


def _same_sentence(one: int, other: int, reading: Reading) -> bool:
    sentence = reading.message.sentence
    return other < len(sentence) and sentence[one] == sentence[other]


def _reaches(cue: int, target: int, tier: Tier, reading: Reading) -> bool:
    if reading.norm(cue) in _NOT:
        return _not_reaches(cue, target, tier, reading)
    ends = _ENDS if reading.norm(cue) in _NOTHING else _ENDS_NO
    words = 0
    for index in range(cue + 1, target):
        word = reading.norm(index)
        if word in ends or (word in _LISTS and not _list_goes_on(index, tier, reading)):
            return False
        if word in _LISTS or word in _OR:
            words = 0
        elif reading.message.place[index] > reading.message.place[index - 1]:
            words += 1
            if words > _MOST_WORDS:
                return False
    return True


def _not_reaches(cue: int, target: int, tier: Tier, reading: Reading) -> bool:
    index = cue + 1
    if reading.norm(index) in _THINKS and tier < Tier.EMERGENCY:
        index += 1
        while index < target and reading.norm(index) in _THOUGHT:
            index += 1
    listed = False
    while index < target:
        word = reading.norm(index)
        if word == ":" and reading.norm(index - 1) in _CARRIES:
            return True
        if word in _ENDS:
            return False
        if word in _OR:
            listed = True
        elif word in _LISTS:
            if not _list_goes_on(index, tier, reading):
                return False
            listed = True
        elif word not in _CARRIES and word not in LIGHT:
            carried = reading.norm(index - 1) in _CARRIES or reading.norm(index - 1) in _OR or listed
            followed = reading.norm(index + 1) in _OR or reading.norm(index + 1) in _LISTS
            # "isn't red, hot or swollen" with the comma left out
            followed = followed or (reading.norm(index + 2) in _OR and index + 2 <= target + 1)
            if not carried and not followed:
                return False
        index += 1
    return True


def _list_goes_on(joint: int, tier: Tier, reading: Reading) -> bool:
    """Whether what follows a comma or "and" is still denied: one bare word, or a list that ends in "or"."""
    if reading.norm(joint + 1) in ("or", "nor", "any", "ni"):
        return True
    bare, words, index = True, 0, joint + 1
    while _same_sentence(joint, index, reading):
        word = reading.norm(index)
        if word in ("or", "nor"):
            return True
        if word in _CONTRASTS or word in ("no", "not"):
            break
        if word in _ENDS and reading.norm(index) not in _STOPS:
            return False
        if word in (",", "and", "&"):
            words = 0
        elif reading.message.place[index] > reading.message.place[index - 1]:
            words += 1
            bare = bare and words <= 1
        index += 1
    return bare and tier < Tier.EMERGENCY


def _answered_no(last: int, reading: Reading) -> bool:
    at = last + 1
    if reading.norm(at) == "-" and reading.norm(at + 1) == "free":
        return True
    if reading.norm(at) == "free":
        return True
    aside = 0
    while reading.norm(at) in _ASIDE:
        at += 1
        aside += 1
    if reading.norm(at) in _PLAIN_NO or (aside and reading.norm(at) in _ANSWERS_NO):
        return reading.norm(at + 1) in _AFTER_ANSWER
    return False
