"""Whether the writer denies a finding: "no pus", "isn't hot or spreading", "fever: none"."""

from __future__ import annotations

from bot.triage.matching import Match
from bot.triage.reading import Reading
from bot.triage.tier import Tier
from bot.triage.words import word_set

_NO = word_set(
    "no without zero never denies deny denied negative lack neither nor none nothing free sin ningun ninguna pas "
    "sans aucun aucune kein keine keinen nicht ohne sem nao nenhum nenhuma ni لا بدون مفيش ليس مش ليست ماعندي"
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
    "but however though although except just only because since cause cos cuz so then when while if i it its he "
    "she they we you this there theres pero mais aber mas . ! ? ; … : ( )"
) | {"\n"}
_ENDS_NO = _ENDS | frozenset(["my", "is", "are", "was", "were", "has", "have", "with"])
# After "not", a verb like these takes the negation to itself: "did not sleep because of the throbbing".
_TAKES_NOT = word_set(
    "sleep slept touch touched eat eaten drink drunk use used wash washed call work worked go gone stop stopped "
    "know want do take took taken tell told need think believe able move stand open put wear understand change "
    "respond breathe swallow walk talk speak keep close leave left control wait stay"
)
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
    verbal = reading.norm(cue) in _NOT
    ends = _ENDS if verbal else _ENDS_NO
    words, index = 0, cue + 1
    if verbal and reading.norm(index) in _THINKS and tier < Tier.EMERGENCY:
        index += 1
        while index < target and reading.norm(index) in _THOUGHT:
            index += 1
    while index < target:
        word = reading.norm(index)
        if word in ends or (verbal and word in _TAKES_NOT):
            return False
        if word in ("or", "nor", "/", "any", "ni", "ou", "oder"):
            words = 0
        elif word in (",", "-") or word in ("and", "n", "&", "y", "et", "und", "e"):
            if not _list_goes_on(index, tier, reading):
                return False
            words = 0
        elif reading.message.place[index] > reading.message.place[index - 1]:
            words += 1
            if words > _MOST_WORDS:
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
        if word in _ENDS or word in ("no", "not"):
            break
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
