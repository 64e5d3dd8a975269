"""The audit of a conversation, in words: who did what when. It holds no text of patients."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import signs
from bot.console.people import HAND_BACK_REASONS, OUTCOMES, PASS_REASONS, TAKEOVER_REASONS, TIER_REASONS
from bot.console.times import Times
from bot.store.tables import Audit, Outcome, Staff

SHOWN = 200
ACTIONS = {
    "case_opened": "opened a case",
    "case_raised": "raised the case",
    "case_sign_added": "added a sign to the case",
    "acknowledged": "acknowledged the case",
    "took_over": "took over",
    "replied": "replied",
    "took_from_colleague": "took over from a colleague",
    "takeover_lapsed": "put the conversation back into the queue: its owner did not answer",
    "assigned": "assigned the case",
    "unassigned": "took the assignment back",
    "noted": "wrote a private note",
    "tier_changed": "changed the tier",
    "snoozed": "snoozed the case",
    "woken": "ended the snooze",
    "snooze_over": "brought the snoozed case back",
    "exported": "opened the print view",
    "handed_back": "handed back to the assistant",
    "closed": "closed the case",
    "viewed": "opened this page",
    "attachment_viewed": "opened a photo",
    "attachment_saved": "downloaded a photo or file",
    "treatment_recorded": "recorded the session",
    "reviewed": "reviewed how a message was understood",
    "review_taken_back": "took a review back",
    "training_agreed": "agreed that the assistant learns from their messages",
    "training_refused": "did not agree that the assistant learns from their messages",
    "training_withdrawn": "noted that the assistant may not learn from their messages any more",
    "enrolment_opened": "opened the clinic's link",
    "birth_date_right": "gave the birth date that goes with the link",
    "birth_date_wrong": "gave a birth date that does not go with the link",
    "birth_date_unreadable": "gave a birth date that could not be read",
    "consent_given": "agreed to the consent text",
    "consent_refused": "did not agree to the consent text",
    "reminders_wanted": "asked to be reminded",
    "reminders_stopped": "stopped reminders",
    "delivery_failed": "could not deliver a message",
    "denied": "was refused",
    "patient_exported": "took a copy of all data",
    "patient_erased": "erased the patient",
    "deletion_wished": "wants the chat deleted",
}

FAULTS = {
    "foreign": "not one of ours",
    "expired": "run out or replaced",
    "used": "used in another chat",
    "here": "used here before",
}


@dataclass(frozen=True)
class Entry:
    """One line of the audit."""

    id: int
    when: str
    iso: str
    who: str
    what: str
    detail: str


def audit_of(session: Session, conversation_id: str, times: Times) -> tuple[Entry, ...]:
    """The newest lines about a conversation, newest first."""
    rows = session.scalars(
        select(Audit).where(Audit.conversation_id == conversation_id).order_by(Audit.id.desc()).limit(SHOWN)
    ).all()
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    return tuple(
        Entry(
            row.id,
            times.moment(row.at),
            row.at.isoformat(timespec="seconds"),
            _who(row.actor, names),
            ACTIONS.get(row.action, row.action.replace("_", " ")),
            _detail(row.detail, names, times),
        )
        for row in rows
    )


def _who(actor: str, names: dict[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "staff" and number.isdigit():
        return names.get(int(number), "Staff")
    return {"bot": "The assistant", "patient": "The patient"}.get(kind, kind.capitalize())


def _detail(detail: dict[str, Any], names: dict[int, str], times: Times) -> str:
    parts = []
    if "from_staff_id" in detail:
        parts.append(f"from {names.get(detail['from_staff_id'], 'staff')}")
    if detail.get("to_staff_id"):
        parts.append(f"to {names.get(detail['to_staff_id'], 'staff')}")
    if "was" in detail:
        parts.append(f"{detail['was']} to {detail['tier']}")
    elif "tier" in detail:
        parts.append(str(detail["tier"]))
    if "reason" in detail:
        parts.append(_reason(str(detail["reason"])))
    if "until" in detail:
        parts.append(f"until {times.moment(datetime.fromisoformat(detail['until']))}")
    if "notes" in detail:
        parts.append("with notes" if detail["notes"] else "without notes")
    if "files" in detail:
        parts.append("with a file" if detail["files"] == 1 else f"with {detail['files']} files")
    if "version" in detail:
        parts.append(f"version {detail['version']}")
    if "fault" in detail:
        parts.append(FAULTS.get(str(detail["fault"]), ""))
    if "outcome" in detail:
        parts.append(OUTCOMES[Outcome(detail["outcome"])].lower())
    if "path" in detail and (verb := _verb(str(detail["path"]))):
        parts.append(verb)
    return ", ".join(parts)


def _reason(key: str) -> str:
    lists = (TAKEOVER_REASONS, PASS_REASONS, HAND_BACK_REASONS, TIER_REASONS)
    chosen = {str(code): words for reasons in lists for code, words in reasons.items()}
    return (chosen.get(key) or signs.reason(key)).lower()


def _verb(path: str) -> str:
    """What was asked of a conversation: the words of the address after its id."""
    _, _, rest = path.partition("/conversations/")
    return rest.partition("/")[2].replace("-", " ")
