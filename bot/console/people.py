"""How the console names patients, staff and states. Patients have no names here but what the clinic calls them."""

from bot.care.treatment import Treatment
from bot.console.times import Times
from bot.conversation.desk_rules import HandBackReason, PassReason, TakeoverReason, TierReason
from bot.store.tables import CareRecord, Case, CaseState, Outcome, Patient

CHANNELS = {"web": "Web visitor", "telegram": "Telegram patient", "terminal": "Terminal", "replay": "Replay"}
CERTAINTY = {
    "recorded": "recorded by the clinic",
    "said": "as the patient said",
    "vague": "roughly, from the patient's words",
}
OUTCOMES = {
    Outcome.TRUE_ALARM: "True alarm",
    Outcome.FALSE_ALARM: "False alarm",
    Outcome.ADVICE_GIVEN: "Advice given",
    Outcome.SEEN: "Seen in the clinic",
    Outcome.REFERRED: "Referred on",
}


TAKEOVER_REASONS = {
    TakeoverReason.ASKED: "They asked me to",
    TakeoverReason.OFF_SHIFT: "They are off shift",
    TakeoverReason.NOT_ANSWERING: "They are not answering",
    TakeoverReason.CANNOT_WAIT: "It cannot wait",
}
PASS_REASONS = {
    PassReason.OFF_SHIFT: "My shift ends",
    PassReason.KNOWS_PATIENT: "They know the patient",
    PassReason.KNOWS_MORE: "They know more about it",
    PassReason.WORKLOAD: "Too much at once",
    PassReason.BY_MISTAKE: "It was assigned by mistake",
    PassReason.OWN: "I see to it myself",
}
HAND_BACK_REASONS = {
    HandBackReason.ANSWERED: "It is answered",
    HandBackReason.WAITS_FOR_PATIENT: "It waits for the patient",
    HandBackReason.ASSISTANT_CAN: "The assistant can answer this",
    HandBackReason.OFF_SHIFT: "My shift ends",
}
TIER_REASONS = {
    TierReason.WORSE_THAN_READ: "Reads worse than it was taken for",
    TierReason.MILDER_THAN_READ: "Reads milder than it was taken for",
    TierReason.PHOTO: "After seeing a photo",
    TierReason.SPOKE: "After speaking with the patient",
    TierReason.MISREAD: "The assistant misread it",
}


def patient_label(patient: Patient, conversation_id: str) -> str:
    """What the clinic calls who enrolled, else where they write from; with a code: "Telegram patient 9c1e"."""
    known = patient.record.called if patient.record else CHANNELS.get(patient.channel, patient.channel.capitalize())
    return f"{known} {conversation_id[:4]}"


def identity_of(record: CareRecord | None, times: Times) -> tuple[str, ...]:
    """What staff noted of who a patient is: "No. 4711", "born 3 Apr 1986 (40)"."""
    if record is None:
        return ()
    number = f"No. {record.patient_number}" if record.patient_number else ""
    born = f"born {times.born(record.birth_date)}" if record.birth_date else ""
    return tuple(one for one in (number, born) if one)


def day_label(treatment: Treatment | None, times: Times) -> str:
    """The day since the session by the local calendar."""
    return "Day unknown" if treatment is None else f"Day {treatment.day(times.now, times.clinic.tz)}"


def state_label(case: Case | None) -> str:
    """A case's state in words."""
    if case is None:
        return "No case"
    if case.state is CaseState.CLOSED:
        return f"Closed: {OUTCOMES[case.outcome].lower()}" if case.outcome else "Closed"
    return {
        CaseState.OPEN: "New",
        CaseState.ACKNOWLEDGED: "Acknowledged",
        CaseState.WITH_CLINICIAN: "With clinician",
    }[case.state]
