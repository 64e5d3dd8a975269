"""What is told to a person about themselves: their sessions, chats, cases and consents, and what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.care.clinic import Clinic
from bot.conversation.record import told_of
from bot.privacy.person import Person
from bot.store.tables import (
    Attachment,
    CareRecord,
    Case,
    Consent,
    Conversation,
    FollowUp,
    Message,
    Note,
    Patient,
    Staff,
    TreatmentRow,
)
from bot.triage.tier import Tier

SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
}


def collect(session: Session, clinic: Clinic, person: Person, now: datetime) -> dict[str, Any]:
    """Everything, JSON-safe; instants in ISO, UTC. Staff are named as patients see them."""
    record = session.get(CareRecord, person.record_id) if person.record_id else None
    rows = session.scalars(
        select(TreatmentRow).where(told_of(person.patients, person.record_id)).order_by(TreatmentRow.id)
    )
    consents = session.scalars(select(Consent).where(Consent.patient_id.in_(person.patients)).order_by(Consent.id))
    chats = session.scalars(select(Conversation).where(Conversation.id.in_(person.conversations)))
    return {
        "clinic": clinic.name,
        "contact": clinic.privacy.contact,
        "made_at": _instant(now),
        "called": record.called if record else None,
        "patient_number": record.patient_number if record else None,
        "birth_date": record.birth_date if record else None,
        "sessions": [_session(row) for row in rows],
        "consents": [
            {"at": _instant(one.at), "text_version": one.version, "agreed": one.agreed, "message": one.message_id}
            for one in consents
        ],
        "chats": [_chat(session, chat) for chat in chats],
    }


def files_of(session: Session, person: Person) -> dict[str, str]:
    """The person's files: their name in the export, and on our disk."""
    query = select(Attachment).join(Message).where(Message.conversation_id.in_(person.conversations))
    return {_file_name(one): one.stored_name for one in session.scalars(query.order_by(Attachment.id))}


def _session(row: TreatmentRow) -> dict[str, Any]:
    return {
        "ended_at": _instant(row.ended_at),
        "certainty": row.certainty,
        "depth_mm": row.depth_mm,
        "area": row.area,
        "device": row.device,
        "done_by": row.done_by,
        "personal_instructions": row.personal,
        "told_by": row.told_by,
        "counts": not row.set_aside,
        "entered_at": _instant(row.created_at),
    }


def _chat(session: Session, chat: Conversation) -> dict[str, Any]:
    patient = session.get_one(Patient, chat.patient_id)
    theirs = select(Message).where(Message.conversation_id == chat.id).order_by(Message.id)
    messages = session.scalars(theirs.options(selectinload(Message.attachments), joinedload(Message.staff))).all()
    cases = session.scalars(select(Case).where(Case.conversation_id == chat.id).order_by(Case.id)).all()
    notes = session.scalars(
        select(Note).where(Note.conversation_id == chat.id).order_by(Note.id).options(joinedload(Note.staff))
    ).all()
    planned = session.scalars(select(FollowUp).where(FollowUp.conversation_id == chat.id).order_by(FollowUp.due_at))
    return {
        "id": chat.id,
        "channel": patient.channel,
        "address": patient.channel_key if patient.channel == "telegram" else None,
        "begun_at": _instant(chat.created_at),
        "time_zone": patient.zone,
        "reported_instructions": patient.personal,
        "reported_risks": patient.risks or [],
        "reminders": chat.reminders,
        "messages": [_message(message) for message in messages],
        "cases": [_case(case) for case in cases],
        "notes_of_staff": [
            {"at": _instant(note.created_at), "by": _staff(note.staff), "text": note.text} for note in notes
        ],
        "follow_ups": [{"kind": one.kind, "due_at": _instant(one.due_at), "state": one.state} for one in planned],
    }


def _message(message: Message) -> dict[str, Any]:
    verdict = message.verdict or {}
    return {
        "number": message.id,
        "at": _instant(message.created_at),
        "from": _staff(message.staff) if message.staff else str(message.author),
        "kind": message.kind,
        "text": message.text,
        "files": [_file_name(one) for one in message.attachments],
        "urgency": Tier(message.tier).label,
        "signs": [_sign(sign) for sign in verdict.get("signs", ())],
        "topics": message.topics,
        "handling": message.handling,
        "delivery": message.delivery,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.id,
        "urgency": Tier(case.tier).label,
        "reason": case.reason,
        "signs": [_sign(sign) for sign in case.signs],
        "opened_at": _instant(case.opened_at),
        "closed_at": _instant(case.closed_at),
        "outcome": case.outcome,
        "closing_note": case.closing_note,
    }


def _sign(sign: dict[str, Any]) -> dict[str, Any]:
    return {"sign": sign["id"], "urgency": sign["tier"], "words": sign.get("evidence", "")}


def _staff(staff: Staff) -> str:
    return f"{staff.title} {staff.name}".strip()


def _file_name(file: Attachment) -> str:
    return f"files/{file.message_id}-{file.id}{SUFFIXES.get(file.content_type, '.bin')}"


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
