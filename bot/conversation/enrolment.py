"""Enrolment: staff enter a session and give the patient a link; who agrees there has the session in their chat."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.care.clinic import Clinic
from bot.care.values import clinic_values, session_values
from bot.care.wording import Wording
from bot.clock import Clock
from bot.conversation.cases import open_or_raise
from bot.conversation.choices import Choice, Verb, button
from bot.conversation.desk import DeskError
from bot.conversation.enrolment_token import Tokens, is_token_of, token_hash
from bot.conversation.events import Bell, record
from bot.conversation.inbound import clean
from bot.conversation.outbox import Line
from bot.conversation.record import add_session, tie, treatment_of
from bot.conversation.second_fact import SecondFact
from bot.store.database import Store
from bot.store.tables import (
    Audit,
    CareRecord,
    Consent,
    Conversation,
    Enrolment,
    Message,
    Patient,
    Role,
    Staff,
    TreatmentRow,
)  # fmt: skip
from bot.triage.tier import Tier

LINK_LIFE = timedelta(days=14)  # counted from when it was made
CONSENT = "utter_consent"
CONSENT_PARTS = (CONSENT, "utter_consent_kept", "utter_consent_limits")

Fault = Literal["foreign", "expired", "used", "here", "another"]


@dataclass(frozen=True)
class Identity:
    """Who a patient is, as far as the clinic says: its own number for them, and their birth date."""

    number: str = ""
    birth_date: date | None = None


@dataclass(frozen=True)
class SessionNote:
    """A session as staff enter it. `called`: a first name, initials or a reference; `personal` as Patient.personal."""

    called: str
    ended_at: datetime
    depth_mm: float | None = None
    area: str = ""
    device: str = ""
    done_by: str = ""
    personal: Mapping[str, float] = field(default_factory=dict)
    identity: Identity = Identity()


@dataclass(frozen=True)
class Made:
    """A link's enrolment and its token, which is kept nowhere."""

    enrolment_id: int
    token: str


@dataclass(frozen=True)
class Enrolling:
    """Making links, opening them, and what patients answer to the consent text."""

    store: Store
    clinic: Clinic
    wording: Wording
    clock: Clock
    bell: Bell
    tokens: Tokens

    def create(self, staff: Staff, note: SessionNote, record_id: int | None = None) -> Made:
        """Enter a session, of a new patient or (`record_id`) of one the clinic has treated before, and make its link.

        Raises DeskError when there is no such record, or when the member of staff only reads.
        """
        _may(staff)
        now = self.clock.now()
        with self.store.write() as session:
            kept = self._record(session, now, note, record_id)
            row = TreatmentRow(
                record_id=kept.id,
                ended_at=note.ended_at,
                certainty="recorded",
                depth_mm=note.depth_mm,
                area=clean(note.area) or None,
                device=clean(note.device) or None,
                done_by=clean(note.done_by) or None,
                personal=dict(note.personal),
                told_by=f"staff:{staff.id}",
                created_at=now,
            )
            add_session(session, self.clinic, row)
            session.flush()
            made = self._link(session, now, staff, kept.id, row.id)
            _audit(session, now, f"staff:{staff.id}", "enrolment_created", made.enrolment_id)
            chats = self._tell_chats(session, now, kept.id)
        self._ring(chats)
        return made

    def renew(self, staff: Staff, enrolment_id: int) -> Made:
        """A new link for the same session; the old one no longer works. Raises DeskError when it was used already."""
        _may(staff)
        now = self.clock.now()
        with self.store.write() as session:
            old = session.get(Enrolment, enrolment_id)
            if old is None:
                raise DeskError("There is no such link.")
            if old.used_at is not None:
                raise DeskError("The patient has used this link already, so no other is needed.")
            old.withdrawn_at = old.withdrawn_at or now
            made = self._link(session, now, staff, old.record_id, old.treatment_id)
            _audit(session, now, f"staff:{staff.id}", "enrolment_renewed", made.enrolment_id, instead_of=old.id)
        return made

    def identify(self, staff: Staff, enrolment_id: int, identity: Identity) -> None:
        """Note who the patient of a link is, in place of what was noted. Raises DeskError."""
        _may(staff)
        now = self.clock.now()
        with self.store.write() as session:
            enrolment = session.get(Enrolment, enrolment_id, options=[joinedload(Enrolment.record)])
            if enrolment is None:
                raise DeskError("There is no such link.")
            _identify(enrolment.record, identity)
            _audit(session, now, f"staff:{staff.id}", "patient_identified", enrolment_id)
            chats = self._tell_chats(session, now, enrolment.record_id)
        self._ring(chats)

    def open(self, session: Session, now: datetime, conversation: Conversation, token: str) -> list[Line]:
        """What a chat is told that opens a link: the consent text, or plainly why it leads nowhere.

        Where the clinic noted a birth date, that is asked for first.
        """
        enrolment = self._of_token(session, token)
        fault: Fault | None = "foreign" if enrolment is None else _fault(enrolment, conversation.patient, now)
        number = enrolment.id if enrolment else None
        _audit(session, now, "patient", "enrolment_opened", number, conversation.id, fault=fault)
        if fault == "another":
            open_or_raise(
                session, self.clinic, now, conversation.id, tier=Tier.ROUTINE, reason="link_of_another"
            )  # fmt: skip
        if enrolment is None or fault:
            return [(self._say(f"utter_link_{fault}", now), [])]
        if enrolment.record.birth_date is not None:
            return [self._fact.question(now, enrolment.id)]
        return [self._consent(conversation, enrolment, now)]

    def typed(
        self, session: Session, now: datetime, conversation: Conversation, message: Message
    ) -> list[Line] | None:  # fmt: skip
        """What to say to a message that answers our question for the birth date; None where it is something else."""
        enrolment = self._fact.asked(session, conversation, message.text)
        if enrolment is None or _fault(enrolment, conversation.patient, now):
            return None
        judged = self._fact.judge(enrolment, message.text, now)
        if judged is None:
            return None
        _audit(session, now, "patient", f"birth_date_{judged}", enrolment.id, conversation.id)
        if judged == "wrong":
            return [self._fact.refuse(session, now, conversation, message, enrolment)]
        if judged == "unreadable":
            return [self._fact.question(now, enrolment.id, "utter_link_unreadable")]
        return [self._consent(conversation, enrolment, now)]

    def answer(
        self, session: Session, now: datetime, conversation: Conversation, choice: Choice, shown_in: int
    ) -> list[Line]:
        """See to a pressed "I agree" or "No thanks". `shown_in`: the message that showed the consent text."""
        enrolment = session.get(Enrolment, choice.number, options=[joinedload(Enrolment.treatment)])
        fault: Fault | None = "foreign" if enrolment is None else _fault(enrolment, conversation.patient, now)
        agreed = choice.verb == "agree"
        if enrolment is None or (fault and (agreed or fault == "here")):
            return [(self._say(f"utter_link_{fault}", now), [])]
        if agreed and not _use(session, now, enrolment, conversation.patient):
            return [(self._say("utter_link_used", now), [])]
        self._note_answer(session, now, conversation, enrolment, shown_in, agreed=agreed)
        if not agreed:
            return [(self._say("utter_consent_declined", now), [])]
        tie(session, self.clinic, conversation.patient, enrolment.record_id)
        session.flush()
        record(session, now, conversation.id, "treatment")
        return [(self._welcome(session, now, conversation), []), *self._may_we_learn(conversation.patient, now)]

    def _consent(self, conversation: Conversation, enrolment: Enrolment, now: datetime) -> Line:
        buttons = [self._button(verb, enrolment.id) for verb in ("agree", "decline")]
        return self.consent_text(conversation.patient.channel, now), buttons

    def consent_text(self, channel: str, now: datetime) -> str:
        """The whole consent text as a channel's patients read it."""
        parts = [*CONSENT_PARTS, f"utter_consent_stop{'_telegram' if channel == 'telegram' else ''}"]
        return "\n\n".join(self._say(key, now) for key in parts)

    def _may_we_learn(self, patient: Patient, now: datetime) -> list[Line]:
        """The question, apart from everything else they agreed to, whether we may learn from their messages."""
        if patient.training_at is not None:
            return []
        verbs: tuple[Verb, ...] = ("teach", "not_teach")
        buttons = [button(self.wording.render(f"utter_training_button_{verb}"), Choice(verb)) for verb in verbs]
        return [(self._say("utter_training_ask", now), buttons)]

    def _welcome(self, session: Session, now: datetime, conversation: Conversation) -> str:
        treatment = treatment_of(session, conversation.patient_id)
        values = session_values(treatment, self.clinic, now) if treatment else {}
        return self._say("utter_enrolled", now, **values)

    def _note_answer(
        self,
        session: Session,
        now: datetime,
        conversation: Conversation,
        enrolment: Enrolment,
        shown_in: int,
        *,
        agreed: bool,
    ) -> None:
        version = self.wording.get(CONSENT).version
        session.add(
            Consent(
                patient_id=conversation.patient_id,
                enrolment_id=enrolment.id,
                message_id=shown_in,
                version=version,
                agreed=agreed,
                at=now,
            )
        )
        action = "consent_given" if agreed else "consent_refused"
        _audit(session, now, "patient", action, enrolment.id, conversation.id, version=version)

    def _record(self, session: Session, now: datetime, note: SessionNote, record_id: int | None) -> CareRecord:
        if record_id is None:
            kept = CareRecord(called=clean(note.called), created_at=now)
            _identify(kept, note.identity)
            session.add(kept)
            session.flush()
            return kept
        known = session.get(CareRecord, record_id)
        if known is None:
            raise DeskError("There is no such patient record any more.")
        known.called = clean(note.called)
        _identify(known, note.identity)
        return known

    def _link(self, session: Session, now: datetime, staff: Staff, record_id: int, treatment_id: int) -> Made:
        ends = (now + LINK_LIFE).replace(microsecond=0)
        row = Enrolment(
            record_id=record_id,
            treatment_id=treatment_id,
            token_hash=secrets.token_hex(32),  # until the row has its number, which the token holds
            created_by=staff.id,
            created_at=now,
            expires_at=ends,
        )
        session.add(row)
        session.flush()
        token = self.tokens.make(row.id, ends)
        row.token_hash = token_hash(token)
        return Made(row.id, token)

    def _of_token(self, session: Session, token: str) -> Enrolment | None:
        said = self.tokens.read(token)
        kept = session.get(Enrolment, said.enrolment_id) if said else None
        return kept if kept is not None and is_token_of(token, kept.token_hash) else None

    def _tell_chats(self, session: Session, now: datetime, record_id: int) -> Sequence[str]:
        """Out: the conversations of the record, which are to be rung for."""
        theirs = select(Conversation.id).join(Conversation.patient).where(Patient.record_id == record_id)
        chats = session.scalars(theirs).all()
        for conversation_id in chats:
            record(session, now, conversation_id, "treatment")
        return chats

    def _ring(self, chats: Sequence[str]) -> None:
        for conversation_id in chats:
            self.bell.ring(conversation_id)

    @property
    def _fact(self) -> SecondFact:
        return SecondFact(self.clinic, self.wording)

    def _button(self, verb: Verb, number: int) -> dict[str, str]:
        return button(self.wording.render(f"utter_consent_button_{verb}"), Choice(verb, number))

    def _say(self, key: str, now: datetime, **values: object) -> str:
        return self.wording.render(key, **{**clinic_values(self.clinic, now), **values})


def _identify(kept: CareRecord, identity: Identity) -> None:
    kept.patient_number = clean(identity.number) or None
    kept.birth_date = identity.birth_date.isoformat() if identity.birth_date else None


def _fault(enrolment: Enrolment, patient: Patient, now: datetime) -> Fault | None:
    """Why a genuine link does not lead on."""
    if enrolment.used_at is not None:
        return "here" if enrolment.patient_id == patient.id else "used"
    if enrolment.withdrawn_at is not None or enrolment.expires_at <= now:
        return "expired"
    return "another" if _are_two(patient.record, enrolment.record) else None


def _are_two(known: CareRecord | None, new: CareRecord) -> bool:
    """Whether two records are of two people, by what the clinic noted of both: they must never become one."""
    if known is None or known.id == new.id:
        return False
    pairs = ((known.birth_date, new.birth_date), (known.patient_number, new.patient_number))
    return any(one and other and one != other for one, other in pairs)


def _use(session: Session, now: datetime, enrolment: Enrolment, patient: Patient) -> bool:
    """Take the link for this chat; False when another was quicker."""
    result = session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment.id, Enrolment.used_at.is_(None), Enrolment.withdrawn_at.is_(None))
        .values(used_at=now, patient_id=patient.id)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _may(staff: Staff) -> None:
    if staff.role is Role.REVIEWER:
        raise DeskError("Reviewers read; ask an admin for the clinician role to enter sessions.")


def _audit(
    session: Session,
    now: datetime,
    actor: str,
    action: str,
    enrolment_id: int | None,
    conversation_id: str | None = None,
    **detail: object,
) -> None:
    told = {key: value for key, value in {"enrolment_id": enrolment_id, **detail}.items() if value is not None}
    session.add(Audit(at=now, actor=actor, action=action, conversation_id=conversation_id, detail=told))
