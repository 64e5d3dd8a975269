"""What a message is about, given what the conversation was about: "the second one", "just a tiny bit", "so at 7?"."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from bot.care.denials import names_sign
from bot.care.insisting import holds_others_against, is_even_so
from bot.care.plain_words import without_list_numbers
from bot.care.proposed_time import parse_proposed_time
from bot.care.topic_words import (
    ACTIVITIES,
    ELSEWHERE,
    MINOR,
    SUBJECTS,
    activities_named,
    activity_for,
    both_asked,
    is_small_amount,
    names_minor,
    several_asked,
    subjects,
    surest,
)

_SECOND = re.compile(
    r"\b(?:the )?(?:second one|the second\b(?! (?:wash|session|day|week|night|time))"
    r"|other one|latter)\b"
)
_FIRST = re.compile(
    r"\b(?:(?:just )?the first\b(?! (?:wash|session|time|day|week|night|few|place|thing))"
    r"|first one|former)\b"
)
_GOES_ON = re.compile(
    r"(?:ok(?:ay)?,? )?(?:and |so )?(?:what|how) about |and (?:the |my |for |dry )?\w+(?: \w+)?\W*$|same (?:for|with) "
)
_ALL = re.compile(r"\b(?:both|all of (?:it|them|that))\b")
_IS_OVER = re.compile(
    r"\W*(?:(?:oh|ah|so|and|but|then)\W+)*(?:it|that)(?:'?s| has| is)? (?:already |now )*(?:passed|over|gone|up)\b"
)
_QUESTIONS = re.compile(r"\b(?:can|may|is|are|when|should|could|what|how)\b", re.IGNORECASE)
_LAST_DAY = re.compile(
    r"\b(?:(?:on |this |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|today)\b[^,;?!]{0,20}\W*$",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(r"\b(?:without|not|except|no) (?:the |a |any |my )?\w+")
_STOPS_IT = re.compile(
    r"\b(?:stop|skip|pause|miss|drop|come off|leave off|lay off)(?:ping|ped|s)?\b(?: \w+){0,2} (?:it|them|that"
    r"|those|taking|tablets?|pills?)\b"
)
_PRONOUN = re.compile(r"\b(?:it|that|this|them|these|those)\b")
_ASKS = re.compile(r"\?|\b(?:when|can i|may i|how (?:long|soon))\b")
_SHORT_WORDS = 12
MOST_SUBJECTS = 4  # answered in one reply


def resolve(topics: list[str], text: str, last: list[str], pair: list[str], now: datetime, zone: tzinfo) -> list[str]:
    """Subjects (topic, or topic/activity) to answer, at most four, best first.

    `topics` is what the classifier found, `last` the subjects of the last answer, `pair` those of the last answer to
    two questions at once, in the order they were asked.
    """
    words = text.lower()
    if len(pair) > 1 and _SECOND.search(words):
        return [pair[1]]
    if len(pair) > 1 and _FIRST.search(words):
        return [pair[0]]
    about_last = last[0].partition("/")[0] if last else ""
    if about_last == "contraindications" and "minoxidil_timing" not in subjects(text) and _STOPS_IT.search(words):
        return [about_last]
    if about_last in topics[1:] and not subjects(text) and _PRONOUN.search(words):
        topics = [about_last]
    if (names_minor(text) or (last and last[0] == MINOR)) and "minoxidil_timing" in subjects(text):
        return [MINOR]
    topics = several_asked(both_asked(surest(topics, text), text), text)
    found = [subject for topic in topics for subject in _activities([topic], words) or [topic]]
    return continued(text, last, now, zone) or in_order(found, words)[:MOST_SUBJECTS]


def in_order(found: list[str], words: str) -> list[str]:
    """Subjects in the order the text names them; what it does not name keeps its rank."""
    named = subjects(words)
    return sorted(found, key=lambda s: named.index(topic) if (topic := s.partition("/")[0]) in named else len(named))


def _activities(topics: list[str], words: str) -> list[str]:
    """Both activities of one topic where the text names both: the gym and the pool."""
    topic = topics[0] if topics else ""
    named = activities_named(topic, _RULED_OUT.sub(" ", words))
    return [f"{topic}/{activity}" for activity in named[:2]] if len(named) > 1 else []


def continued(text: str, last: list[str], now: datetime, zone: tzinfo) -> list[str]:
    """The subject of a message that only goes on from the last answer.

    "And what about swimming?" names its own; a small amount or another time varies the last one.
    """
    named = subjects(text)
    if last and named and _GOES_ON.match(text.lower()):
        return named[:1]
    if not last or "/" not in last[0] or len(text.split()) > _SHORT_WORDS:
        return []
    about_last = last[0].partition("/")[0]
    if is_even_so(text) and about_last != "sunscreen" and set(named) <= {about_last, "sunscreen"}:
        own = named[:1] if about_last in named else []
        return [f"{topic}/{activity_for(topic, text)}" for topic in own] or [last[0]]
    if _IS_OVER.match(text.lower()):
        return [last[0]]
    small = is_small_amount(text) and not names_sign(text)
    if small and named == [about_last]:
        return [f"{about_last}/{activity_for(about_last, text)}"]
    if named:
        return []
    if about_last == "minoxidil_timing" and re.search(ELSEWHERE, text.lower()):
        return [last[0]]
    if small or holds_others_against(text):
        return [last[0]]
    if _ALL.search(text.lower()) or parse_proposed_time(text, now, zone) is not None:
        return [subject for subject in last if "/" in subject]
    return []


def corrected(text: str, pair: list[str]) -> list[str]:
    """Topics that a correction names ("no I meant the shampoo"), leaving out what it rejects ("not the wine")."""
    kept = re.sub(r"\bnot (?:the |my |about )*[\w-]+", " ", text.lower())
    named = subjects(kept)
    if not named and len(pair) > 1 and re.search(r"\bother\b|second", kept):
        return [pair[1]]
    return named


def carried(text: str, last: list[str]) -> str:
    """The text with what it leaves unsaid: after a question about caffeine, "the shampoo" is the caffeine shampoo.

    Who asked about somebody under 18 goes on about them.
    """
    if last and last[0] == MINOR:
        return f"{text} (under 18)"
    if last and last[0].endswith("/caffeine") and re.search(SUBJECTS["washing_hair"], text.lower()):
        return f"{text} (caffeine shampoo)"
    return text


def asked_beside(text: str) -> list[str]:
    """The activities that a message asks about besides telling something, in its order: topic/activity."""
    named = [topic for topic in subjects(text) if topic in ACTIVITIES] if _ASKS.search(text.lower()) else []
    return [f"{topic}/{activity_for(topic, words_about(topic, text))}" for topic in named[:MOST_SUBJECTS]]


def split_subjects(slot: str | None) -> list[str]:
    """Read the slot that remembers the last subjects."""
    return slot.split("+") if slot else []


def words_about(subject: str, text: str) -> str:
    """The part of a two-question message that is about `subject`; all of it where no part names it."""
    pattern = SUBJECTS.get(subject.partition("/")[0])
    text = without_list_numbers(text)
    parts = [part for part in re.split(r"[?!;\n]+|\.(?!\d)|,| and | also | plus ", text) if part.strip()]
    about = [part for part in parts if pattern and re.search(pattern, part.lower())]
    last_day = _LAST_DAY.search(text) if len(_QUESTIONS.findall(text)) == 1 else None
    if about and last_day and not any(_LAST_DAY.search(part) for part in about):
        about.append(last_day[0])  # of "can I wash, run and swim on Saturday?" all are for Saturday
    return ", ".join(about) or text
