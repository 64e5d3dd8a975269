"""The day's plan of a conversation, as its channel shows it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.care.today import Today, today
from bot.care.wording import Wording
from bot.conversation.cases import cases_of_person, held_in
from bot.conversation.record import personal_of, treatment_of
from bot.store.tables import Conversation
from bot.triage.tier import Tier


def today_of(
    session: Session, clinic: Clinic, wording: Wording, conversation: Conversation, now: datetime
) -> Today | None:
    """The plan as it stands now; None while no session is known that has ended."""
    treatment = treatment_of(session, conversation.patient_id)
    if treatment is None or treatment.ended_at > now:
        return None
    cases = cases_of_person(session, conversation)
    tier = max((Tier(case.tier) for case in cases), default=Tier.NONE)
    personal = personal_of(session, conversation.patient, clinic)
    return today(clinic, wording, treatment, personal, now, tier, held_in(conversation, cases))
