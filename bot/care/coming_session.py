"""A session that still lies ahead, in the patient's words: "my session is tomorrow", "having it done on friday"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.care.plain_words import plain
from bot.care.proposed_time import parse_proposed_time

_SESSION = r"(?:session|appointment|appt|treatment|procedure|(?:micro ?)?needling)"
_AHEAD = re.compile(
    rf"\b(?:my|the|our|a|first|next) (?:\w+ )?{_SESSION} (?:is|isn'?t|will be|on|at|tomorrow|booked|scheduled"
    rf"|later|this|next)\b"
    r"|\b(?:having|getting|get|going for|coming (?:in )?for|in for) (?:it|mine|this|my (?:scalp|head)"
    r"|(?:micro ?)?needl\w+)\b"
    r"|\b(?:booked|scheduled|coming) (?:in )?(?:for|on|at|tomorrow|today|next|this)\b|\bbooked in\b"
)
_NOT_YET = re.compile(
    rf"\b(?:haven'?t|have not|not) (?:yet )?(?:had|done) (?:it|mine|(?:my|the) (?:\w+ )?{_SESSION})\b|\bnot had it\b"
)
_IS_BEHIND = re.compile(r"\b(?:had|was|did|after|since)(?: \w+){0,2} $")
_IT_IS = re.compile(r"\bit(?:'?s| is| will be)\b")
_CLAUSE_END = re.compile(r"[;!?,\n]|\.(?!\d)| (?:so|but|and)? ?(?:can|should|shall|may|when|what|how|do|is) ")
_BEFORE = re.compile(r"\bbefore(?:hand)?\s*(?:$|[?.!,])|\bbefore (?:it|(?:my|the|that) \w+)\s*(?:$|[?.!,])")

_AFTER = re.compile(r"\bafter|\bagain\b|\bonce\b|\bback on\b|\bif (?:it|my)|\bsoon\b")


@dataclass(frozen=True)
class Coming:
    """When the session is (UTC, aware): the moment that was said, or where only a day was, the latest it can be."""

    at: datetime
    exact: bool

    @classmethod
    def from_slot(cls, slot: str | None) -> Coming | None:
        """What `as_slot` wrote."""
        return cls(datetime.fromisoformat(slot.removeprefix("~")), not slot.startswith("~")) if slot else None

    def as_slot(self) -> str:
        """The form in which a conversation remembers it."""
        return f"{'' if self.exact else '~'}{self.at.isoformat()}"


def coming_session(text: str, now: datetime, zone: tzinfo, *, known: bool = False) -> Coming | None:
    """The coming session that `text` tells of, or None. `now` is aware.

    `known`: one is being talked about already, so that "it's on friday at noon" is about it.
    """
    words = plain(text)
    cue = _AHEAD.search(words) or (_IT_IS.search(words) if known else None)
    if cue is None or _IS_BEHIND.search(words[: cue.start()]):
        return None
    end = _CLAUSE_END.search(words, cue.end())
    clause = words[cue.start() : end.start() if end else len(words)]
    proposal = parse_proposed_time(clause, now, zone)
    if proposal is None:
        return None
    return Coming(proposal.latest, proposal.exact and "next" not in clause)


def says_not_yet(text: str) -> bool:
    """Whether the text says that there has been no session yet."""
    return _NOT_YET.search(plain(text)) is not None


def asks_after(text: str) -> bool:
    """Whether a question is about the time after the session that is being talked about."""
    return _AFTER.search(plain(text)) is not None


def asks_before(text: str) -> bool:
    """Whether a question is about the time before a session that is being talked about."""
    return _BEFORE.search(plain(text)) is not None
