"""Writing down what a turn came to, in the transaction it is given: verdict, case, effects and replies."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.effects import (
    CaseEffect,
    CheckEffect,
    Effect,
    PersonalEffect,
    RemindersEffect,
    TopicEffect,
    TreatmentEffect,
    ZoneEffect,
)
from bot.care.treatment import Treatment
from bot.conversation.cases import apply_verdict, open_or_raise
from bot.conversation.check import put_check
from bot.conversation.drafting import Draft
from bot.conversation.events import record
from bot.conversation.outbox import enqueue
from bot.conversation.record import remember_instruction, remember_treatment
from bot.conversation.reminders import set_wish
from bot.store.tables import Author, Conversation, Handling, Message, Owner
from bot.triage.tier import Tier


def write_down(
    session: Session, clinic: Clinic, now: datetime, conversation: Conversation, message: Message, draft: Draft
) -> None:
    """Write a draft down. Where a clinician took over meanwhile, its replies are left out."""
    message.verdict, message.tier = draft.verdict.as_dict(), int(draft.verdict.tier)
    message.topics, message.intent, message.doubtful = list(draft.topics), draft.intent or None, draft.doubtful
    if draft.verdict.tier > Tier.NONE:
        apply_verdict(session, clinic, now, conversation.id, message.id, draft.verdict)
        put_check(conversation, None, clinic, now)
    if draft.case:
        tier, reason = draft.case
        open_or_raise(session, clinic, now, conversation.id, tier=tier, reason=reason, message_id=message.id)
    for effect in draft.effects:
        _apply(session, clinic, now, conversation, message.id, effect)
    if conversation.owner is Owner.CLINICIAN and draft.verdict.tier < Tier.EMERGENCY:
        message.handling = Handling.HELD  # a clinician took over while Rasa was thinking: the bot stays silent
        return
    message.handling = draft.handling
    if draft.slots is not None:
        conversation.slots = draft.slots
    for text, buttons in draft.replies:
        enqueue(session, now, conversation, Author.BOT, text, buttons=buttons)


def _apply(
    session: Session, clinic: Clinic, now: datetime, conversation: Conversation, message_id: int, effect: Effect
) -> None:
    match effect:
        case CaseEffect():
            open_or_raise(
                session,
                clinic,
                now,
                conversation.id,
                tier=Tier.from_label(effect.tier),
                reason=effect.reason,
                signs=effect.signs,
                message_id=message_id,
            )
        case TreatmentEffect():
            said = Treatment(effect.ended_at, effect.certainty)
            remember_treatment(session, clinic, now, conversation, said, "patient")
            record(session, now, conversation.id, "treatment")
        case PersonalEffect():
            remember_instruction(conversation, effect.key, effect.value)
            record(session, now, conversation.id, "treatment")
        case CheckEffect():
            if conversation.owner is Owner.BOT:  # else the patient never reads the check
                put_check(conversation, effect.step, clinic, now)
        case RemindersEffect():
            set_wish(session, now, conversation, wanted=effect.wanted)
        case ZoneEffect():
            conversation.patient.zone = effect.zone
        case TopicEffect():
            pass  # the turn's own topics are kept with the message
