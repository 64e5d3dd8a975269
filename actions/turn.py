"""One turn as an action sees it: the message, what the gate found, and what the bot knows of the patient."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.house import House
from bot.care.answered import REPORTS, answered
from bot.care.asking import Asking
from bot.care.coming_session import Coming, coming_session
from bot.care.context import split_subjects
from bot.care.denials import all_denied
from bot.care.help_words import Said, said_of_help
from bot.care.language import goes_on_in, language_of
from bot.care.session_time import says_only_when
from bot.care.symptom_check import OPEN, QUIET
from bot.care.treatment import Treatment
from bot.triage.tier import Tier
from bot.triage.verdict import Verdict

log = logging.getLogger(__name__)

Events = list[dict[str, Any]]

_LAST_DAYS = timedelta(days=3)  # before a session, and after one that nobody has told of: what is asked is about it


@dataclass(frozen=True)
class Turn:
    """Read from the tracker. `now` (aware, UTC) comes with the message, so that replays keep their own time.

    `general`: this channel is for general advice alone, and nothing about the patient is asked or taken in.
    `answered`: a clinician has written since the open case's last sign. `spoken`: the language of the last message.
    `held`: activities that an open case or the patient's age holds back. `passed`: a session that was to be, whose time
    is over and of which nothing more is known; then `treatment` is None, since an earlier one says nothing of it.
    """

    text: str
    pressed: bool
    intent: str
    topics: tuple[str, ...]
    ranking: tuple[str, ...]
    entities: Mapping[str, str]
    verdict: Verdict
    now: datetime
    treatment: Treatment | None
    personal: Mapping[str, float]
    case_tier: Tier
    case_due: datetime | None
    doubtful: bool
    check: str | None
    check_at: datetime | None
    reminders: str | None
    general: bool
    last: tuple[str, ...]
    pair: tuple[str, ...]
    pending: tuple[str, ...]
    asked: str | None
    unsure_count: int
    concern: str | None
    refused: str | None
    reached: str | None
    answered: bool
    spoken: str | None
    told: tuple[str, ...]
    planned: Coming | None
    passed: Coming | None
    held: frozenset[str]

    @classmethod
    def read(cls, tracker: Tracker) -> Turn:
        """The turn of the tracker's latest message."""
        message: Mapping[str, Any] = tracker.latest_message or {}
        metadata: Mapping[str, Any] = message.get("metadata") or {}
        intent = (message.get("intent") or {}).get("name") or ""
        entities = {e["entity"]: str(e["value"]) for e in message.get("entities") or [] if e.get("entity")}
        text = str(message.get("text") or "")
        pressed = text.startswith("/")
        triage = message.get("triage")
        check = metadata.get("check") or {}
        slots = tracker.slots or {}
        now = _now(metadata)
        session = Treatment.from_dict(metadata["treatment"]) if metadata.get("treatment") else None
        told = Coming.from_slot(slots.get("planned"))
        passed = _passed(session, told, now)
        return cls(
            text=" ".join(entities.values()) if pressed else text,
            pressed=pressed,
            intent=intent,
            topics=tuple(message.get("topics") or [intent]),
            ranking=tuple(rank["name"] for rank in message.get("intent_ranking") or [] if rank.get("name")),
            entities=entities,
            verdict=_verdict(triage, intent, entities.get("sign")),
            now=now,
            treatment=session if session is not None and session.ended_at <= now and not passed else None,
            personal={key: float(value) for key, value in (metadata.get("personal") or {}).items()},
            case_tier=_case_tier(metadata.get("case")),
            case_due=datetime.fromisoformat(due) if (due := (metadata.get("case") or {}).get("due")) else None,
            doubtful=bool(message.get("doubtful")),
            check=check.get("step"),
            check_at=datetime.fromisoformat(check["at"]) if check.get("at") else None,
            reminders=metadata.get("reminders"),
            general=bool(metadata.get("general")),
            last=tuple(split_subjects(slots.get("last_topic"))),
            pair=tuple(split_subjects(slots.get("pair"))),
            pending=tuple(split_subjects(slots.get("pending_topic"))),
            asked=slots.get("asked"),
            unsure_count=int(slots.get("unsure_count") or 0),
            concern=slots.get("concern"),
            refused=slots.get("refused"),
            reached=slots.get("reached"),
            answered=bool((metadata.get("case") or {}).get("answered")),
            spoken=slots.get("language"),
            told=tuple(split_subjects(slots.get("told"))),
            planned=_planned(session, told, now),
            passed=passed,
            held=frozenset(metadata.get("held") or ()),
        )

    @property
    def alarm(self) -> bool:
        """Whether an urgent or worse case is open."""
        return self.case_tier >= Tier.URGENT

    @property
    def must_be_seen(self) -> bool:
        """Whether nothing may be allowed until a clinician has looked; a pet's trouble holds nothing back."""
        return self.alarm and self.concern != "vet"

    @property
    def standing(self) -> Verdict:
        """What the open case was opened or last raised for: what must be said of it again."""
        return answered(self.concern or self.case_tier.label, self.case_tier)

    @property
    def refusal_respected(self) -> bool:
        """Whether the patient refused the help this case calls for and has heard the advice once more."""
        return self.refused is not None and Tier.from_label(self.refused) >= self.case_tier

    @property
    def says_both(self) -> bool:
        """Whether the message is about two things at once that were talked about."""
        return bool(self.last) and re.search(r"\bboth\b", self.text, re.IGNORECASE) is not None

    @property
    def spoken_about(self) -> tuple[str, ...]:
        """The subjects of the last answer; where the patient says "both", with the one before it."""
        if len(self.last) != 1 or not self.says_both:
            return self.last
        before = [one.partition("=")[0] for one in reversed(self.told)]
        return (*self.last, *[subject for subject in before if subject not in self.last][:1])

    @property
    def said_of_help(self) -> Said | None:
        """What the message says of the help that an open case calls for."""
        return said_of_help(self.text) if self.alarm and not self.pressed else None

    @property
    def help_reached(self) -> bool:
        """Whether the patient has said, of a case as urgent as this, that they called or were seen."""
        known = self.reached is not None and Tier.from_label(self.reached) >= self.case_tier
        return self.alarm and (known or self.said_of_help == "reached")

    @property
    def language(self) -> str | None:
        """The language the patient writes in; None for English. A few words without English go on in the last one."""
        if self.pressed:
            return None
        return language_of(self.text) or (self.spoken if goes_on_in(self.text, self.spoken) else None)

    @property
    def check_open(self) -> bool:
        """Whether the symptom check waits for an answer."""
        return self.check in OPEN

    @property
    def check_quiet(self) -> bool:
        """Whether the check was denied, or left unanswered, so lately that mere doubt asks nothing again."""
        return self.check in ("denied", "lapsed") and self.check_at is not None and self.now - self.check_at < QUIET

    @property
    def check_answerable(self) -> bool:
        """Whether a message may answer the check: it is open, or has lapsed lately."""
        return self.check_open or (self.check == "lapsed" and self.check_quiet and self.asked != "session_time")

    @property
    def in_doubt(self) -> bool:
        """Whether the message may hold a sign that neither the patient denies nor a clinician looks at already."""
        settled = self.must_be_seen or all_denied(self.text) or self.language is not None
        return self.doubtful and not settled and not says_only_when(self.text, self.now)

    @property
    def wants_check(self) -> bool:
        """Whether the check has to be asked."""
        free = self.check is None or (self.check in ("denied", "lapsed") and not self.check_quiet)
        return self.in_doubt and free

    def asking(self, home: House) -> Asking:
        """The turn as a question to `bot.care`."""
        return Asking(
            home.clinic, home.wording, self.now, self.text, self.treatment, self.personal, self._coming_asked(home)
        )

    def _coming_asked(self, home: House) -> Coming | None:
        """The session to come, where a question may be about it: until its last days the last one counts."""
        if self.treatment is None:
            return self.coming(home)
        if self.now - self.treatment.ended_at < _LAST_DAYS:
            return None
        coming = self.coming(home)
        return coming if coming is not None and coming.at - self.now <= _LAST_DAYS else None

    def coming(self, home: House) -> Coming | None:
        """The session that still lies ahead, as this message or an earlier one tells, or the clinic's record."""
        known = self.planned is not None
        return coming_session(self.text, self.now, home.clinic.tz, known=known) or self.planned

    def knowing(self, treatment: Treatment | None, personal: Mapping[str, float]) -> Turn:
        """The same turn once the message's own facts are taken in."""
        return replace(self, treatment=treatment, personal=personal)

    def without_words(self) -> Turn:
        """The same turn where its words have been taken in and must not be read again."""
        return replace(self, text="")


def remember(
    last: tuple[str, ...] | list[str] | None = None,
    *,
    pair: tuple[str, ...] | list[str] | None = None,
    pending: tuple[str, ...] | list[str] = (),
    asked: str | None = None,
    unsure_count: int = 0,
    concern: str | None = None,
) -> Events:
    """What the conversation keeps from this turn. None keeps what `last`, `pair` or `concern` hold."""
    events: Events = [
        SlotSet("pending_topic", "+".join(pending) or None),
        SlotSet("asked", asked),
        SlotSet("unsure_count", unsure_count),
    ]
    if last is not None:
        events.append(SlotSet("last_topic", "+".join(last) or None))
    if concern is not None:
        events.append(SlotSet("concern", concern))
    if pair is not None:
        events.append(SlotSet("pair", "+".join(pair) or None))
    return events


def keep(turn: Turn, home: House) -> Events:
    """What the conversation keeps of a turn's words, whatever was answered: the language, a session that lies ahead,
    and that help was reached."""
    coming = turn.coming(home) or turn.passed
    kept: Events = [SlotSet("planned", coming.as_slot() if coming else None)]
    kept += [] if turn.pressed else [SlotSet("language", turn.language)]
    return [*kept, SlotSet("reached", turn.case_tier.label)] if turn.said_of_help == "reached" else kept


def _verdict(data: Any, intent: str, pressed: str | None) -> Verdict:
    """The gate's verdict, never below the tier of the intent the gate chose."""
    floor = REPORTS.get(intent, Tier.NONE)
    if pressed and floor > Tier.NONE:
        return answered(pressed, floor)
    try:
        verdict = Verdict.from_dict(data) if data else Verdict(Tier.NONE, (), ())
    except (KeyError, TypeError, ValueError):
        log.exception("a verdict that cannot be read; taking the tier of the intent")
        verdict = Verdict(Tier.NONE, (), ())
    return Verdict(max(verdict.tier, floor), verdict.signs, verdict.lowered)


def _planned(session: Treatment | None, told: Coming | None, now: datetime) -> Coming | None:
    """The session to come: the record's, else the one the patient spoke of; none once its time has passed."""
    if session is not None and session.ended_at > now:
        return Coming(session.ended_at, True)
    return told if told is not None and told.at > now else None


def _passed(session: Treatment | None, told: Coming | None, now: datetime) -> Coming | None:
    """The session the patient spoke of that must have been by now, where what is known ended a day before it."""
    if told is None or not now - _LAST_DAYS < told.at <= now:
        return None
    return told if session is None or told.at - session.ended_at > timedelta(days=1) else None


def _case_tier(case: Any) -> Tier:
    if not case or case.get("state") == "closed":
        return Tier.NONE
    return Tier.from_label(case["tier"])


def _now(metadata: Mapping[str, Any]) -> datetime:
    said = metadata.get("now")
    return datetime.fromisoformat(said).astimezone(UTC) if said else datetime.now(UTC)
