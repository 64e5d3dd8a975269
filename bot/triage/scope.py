"""Whether a match is something the writer has now, or something that does not count, and why."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from bot.triage.matching import Match
from bot.triage.negation import is_negated
from bot.triage.normalise import LIGHT
from bot.triage.reading import Reading
from bot.triage.rules import SignRule
from bot.triage.tier import Tier
from bot.triage.words import word_set

_POINTS_AT = frozenset(["my", "this", "these", "the", "his", "her"])
_LONGEST_QUESTION = 40
_SOON = 2
_DATED_WITHIN = 6
_OPENERS = word_set("can could does do is are would will what whats why which has how did might may")
_PERSONS = word_set("i im ive my me mine we our he she his her him it this help")
_LOOKS_BACK = frozenset(["that", "this", "it", "was", "happened", "thats", "all"])


def reason_to_lower(match: Match, rule: SignRule, reading: Reading) -> str | None:
    """Why a match does not count ("idiom", "negated", "past", ...), or None where it does.

    Only the match asked about is judged; another match of the same sign may still count.
    """
    if reading.is_idiomatic(match):
        return "idiom"
    if is_negated(match, rule.tier, reading) or _is_listed_and_denied(match, reading):
        return "negated"
    if _has_lookalike(match, rule, reading):
        return "lookalike"
    if not rule.hypothetical_counts:
        if _asks_in_general(match, reading):
            return "general_question"
        if _supposes(match, reading):
            return "hypothetical"
    if _is_hearsay(match, reading):
        return "hearsay"
    if _is_past(match, reading):
        return "past"
    if not rule.event and _is_healed(match, rule, reading):
        return "healed"
    # An event told of somebody near is news ("my wife fainted"); of a distant uncle it is a story.
    if _is_others_past(match, "distant_person" if rule.event else "other_person", reading):
        return "other_person_past"
    return None


def is_stated(match: Match, reading: Reading) -> bool:
    """Whether a raiser's words ("on warfarin", "his fever") are stated rather than denied or idiomatic."""
    return (
        not reading.is_idiomatic(match) and not is_negated(match, Tier.URGENT, reading) and not _is_past(match, reading)
    )


def is_told(match: Match, reading: Reading) -> bool:
    """Whether a raiser's words are stated, and neither asked about in general ("does eczema matter") nor supposed."""
    return is_stated(match, reading) and not (_asks_in_general(match, reading) or _supposes(match, reading))


def is_of_the_writer(match: Match, reading: Reading) -> bool:
    """Whether nobody else is named where the match stands ("my wife is pregnant")."""
    return not reading.cue_in_clause("other_person", reading.clause[match.first])


def _has_lookalike(match: Match, rule: SignRule, reading: Reading) -> bool:
    sentences = {reading.message.sentence[span.first] for span in match.spans}
    return any(reading.message.sentence[other.first] in sentences for other in reading.matches(rule.unless))


def _is_listed_and_denied(match: Match, reading: Reading) -> bool:
    """Whether the match is read out of a list, all of which is then denied ("it says pus, fever. I've had none")."""
    sentence = reading.message.sentence
    listed = any(
        cue.first < match.first and sentence[cue.first] == sentence[match.first] for cue in reading.cues["listed"]
    )
    return listed and any(
        cue.first > match.last and sentence[cue.first] - sentence[match.last] <= _SOON
        for cue in reading.cues["denies_all"]
    )


def _asks_in_general(match: Match, reading: Reading) -> bool:
    clause = reading.clause[match.first]
    if reading.clause[match.last] != clause or any(cue.first > match.first for cue in reading.cues["own_reference"]):
        return False
    if any(reading.clause[cue.first] == clause and cue.first <= match.last for cue in reading.cues["general_question"]):
        return True
    asks = reading.cue_in_clause("worry_question", clause) or _opens_as_question(match, reading)
    return asks and not (_points_at(match, reading) or reading.cue_in_clause("own_finding", clause))


def _opens_as_question(match: Match, reading: Reading) -> bool:
    """Whether a bare noun ("seizure", not "throat ... closing") stands in a question that names nobody."""
    if len(match.spans) > 1 or not match.pattern.groups:
        return False
    first = bisect_left(reading.clause, reading.clause[match.first])
    last = min(bisect_right(reading.clause, reading.clause[match.first]), first + _LONGEST_QUESTION)
    return reading.norm(first) in _OPENERS and not any(reading.norm(i) in _PERSONS for i in range(first, last))


def _points_at(match: Match, reading: Reading) -> bool:
    index = match.first
    while index > 0 and (reading.norm(index) in LIGHT or index == match.first):
        if reading.norm(index) in _POINTS_AT or reading.norm(index - 1) in _POINTS_AT:
            return True
        index -= 1
    return False


def _supposes(match: Match, reading: Reading) -> bool:
    clause = reading.clause[match.first]
    return clause == reading.clause[match.last] and any(
        reading.clause[cue.first] == clause and cue.first <= match.first for cue in reading.cues["condition"]
    )


def _is_hearsay(match: Match, reading: Reading) -> bool:
    clause = reading.clause[match.first]
    return reading.cue_in_clause("hearsay", clause) and not reading.cue_in_clause(
        "own_finding", reading.clause[match.first]
    )


def _is_past(match: Match, reading: Reading) -> bool:
    clause, sentence = reading.clause, reading.message.sentence
    if _dated_after(match, reading):
        return True
    if _is_present(clause[match.last], reading):
        return False
    for cue in reading.cues["past"]:
        if clause[cue.first] in (clause[match.first], clause[match.last]):
            return True
        told_in_past = cue.first < match.first and reading.cue_in_clause("past_verb", clause[match.last])
        if sentence[cue.first] == sentence[match.first] and told_in_past:
            return True
        opens = next((i for i in range(match.last + 1, cue.first) if sentence[i] == sentence[match.last] + 1), None)
        looks_back = opens is not None and reading.norm(opens) in _LOOKS_BACK
        if sentence[cue.first] == sentence[match.last] + 1 and looks_back:
            return True
    return False


def _dated_after(match: Match, reading: Reading) -> bool:
    """Whether a past date closes the match's own part of the clause: "a collapsed lung in 2006, breathing well now"."""
    if any(back.first > match.last for back in reading.cues["relapse"]):
        return False
    for cue in reading.cues["past"]:
        if not match.last < cue.first <= match.last + _DATED_WITHIN:
            continue
        closes = reading.norm(cue.last + 1) in (",", ".", ";", ")", "-", "")
        if closes and not any(reading.norm(i) in (",", ";", "(") for i in range(match.last + 1, cue.first)):
            return True
    return False


def _is_healed(match: Match, rule: SignRule, reading: Reading) -> bool:
    if rule.hidden_by and f"<{rule.hidden_by}>" in reading.found:
        return False
    sentence = reading.message.sentence
    for cue in reading.cues["healed"]:
        near = 0 <= sentence[cue.first] - sentence[match.last] <= 1 and cue.last > match.first
        own = any(cue.first <= span.last and span.first <= cue.last for span in match.spans)
        back = any(present.first > cue.last for present in reading.cues["relapse"])
        if near and not own and not back and not is_negated(cue, Tier.URGENT, reading):
            return True
    return False


def _is_others_past(match: Match, family: str, reading: Reading) -> bool:
    clause = reading.clause[match.first]
    return (
        any(reading.clause[cue.first] == clause and cue.first < match.first for cue in reading.cues[family])
        and reading.cue_in_clause("past_verb", clause)
        and not _is_present(clause, reading)
    )


def _is_present(clause: int, reading: Reading) -> bool:
    return any(
        reading.clause[cue.first] == clause and reading.norm(cue.first - 1) not in ("never", "not")
        for cue in reading.cues["present"]
    )
