"""Two months of a clinic's life, written straight into the database: what reports and reviews are looked at with."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.conversation.outbox import enqueue
from bot.store.tables import (
    Author,
    Case,
    CaseState,
    Conversation,
    FollowUp,
    FollowUpState,
    Handling,
    Message,
    Outcome,
    Patient,
)
from tests.house import House

TOPICS = {
    "washing_hair": 30, "minoxidil_timing": 24, "side_effects": 20, "exercise_sweat": 14, "sunscreen": 9, "cost": 8,
    "pain_relief": 6, "sleep_position": 5, "alcohol_smoking": 4, "hair_products_dye": 3,
}  # fmt: skip
DUE = {1: 18, 2: 2, 3: 0.25}  # hours, by tier
TAKES = {1: 300, 2: 55, 3: 7}  # minutes until somebody answers, on average
SIGNS = ("pus", "fever", "cellulitis", "contact_allergy", "bleeding_next_day")
READINGS = (  # what was asked, how it was read, what was answered, what came next
    ("is the jacuzzi at my gym off limits", "exercise_sweat", {}, "No pool, sauna or hot tub for 72 hours.", ""),
    ("its warm up top and a bit wet, is that the serum", "side_effects", {"doubtful": True},
     "Some warmth is expected on day one. Is there pus, spreading redness, fever or trouble breathing?", ""),
    ("can i put gel on", "hair_products_dye", {}, "No styling products for 72 hours after your session.",
     "no i meant the cooling gel for the pain"),
    ("erm the thing from before??", "nlu_fallback", {"topics": ["book_or_human"]},
     "I'm not sure I understood. Is it about one of these?", ""),
    ("how long til i look normal for a wedding on saturday, its pink and flaky and i have photos",
     "healing_timeline", {}, "Pinkness settles in two or three days for most people. Flakes can last up to a week.",
     "can i talk to a nurse"),
    ("when can i next wash my hair", "washing_hair", {"handling": Handling.UNANSWERED},
     "I can't answer just now. The team at the clinic will see your message.", ""),
)  # fmt: skip


def two_months(house: House) -> None:
    """Messages, cases with outcomes and replies, check-ins. The same every time."""
    chance, now = random.Random(3), house.clock.now()
    with house.store.write() as session:
        conversations = [_conversation(session, number, now) for number in range(60)]
        for _ in range(900):
            _message(session, chance, chance.choice(conversations), _moment(chance, now))
        for number, conversation in enumerate(conversations[:50]):
            _case(session, chance, conversation, _moment(chance, now))
            _check_in(session, chance, conversation, now - timedelta(days=number % 29, hours=2))


def to_review(house: House) -> list[int]:
    """Messages that are worth a look. Out: their ids, as asked."""
    ids = []
    for number, (text, intent, columns, answer, then) in enumerate(READINGS):
        received = house.receive(text, f"reviewed-{number}", "telegram" if number % 2 else "web")
        _read(house, received.message_id, intent, columns, answer)
        if then:
            following = "correction" if then.startswith("no ") else "book_or_human"
            _read(house, house.receive(then, f"reviewed-{number}", "telegram" if number % 2 else "web").message_id,
                  following, {}, "Thank you, I pass that on.")  # fmt: skip
        ids.append(received.message_id)
        house.clock.advance(timedelta(minutes=4))
    return ids


def _read(house: House, message_id: int, intent: str, columns: dict, answer: str) -> None:
    with house.store.write() as session:
        message = session.get_one(Message, message_id)
        values = {"intent": intent, "topics": [intent], "handling": Handling.HANDLED, **columns}
        for name, value in values.items():
            setattr(message, name, value)
        conversation = session.get_one(Conversation, message.conversation_id)
        enqueue(session, house.clock.now(), conversation, Author.BOT, answer)


def _moment(chance: random.Random, now: datetime) -> datetime:
    """Some time in the last sixty days, more often lately, by day more than by night."""
    day = min(chance.randrange(60), chance.randrange(60))
    at = (now - timedelta(days=day)).replace(
        hour=min(23, max(0, int(chance.gauss(15, 5)))), minute=chance.randrange(60)
    )
    return min(at, now - timedelta(minutes=chance.randrange(1, 50)))


def _conversation(session: Session, number: int, now: datetime) -> str:
    patient = Patient(channel="web", channel_key=f"busy-{number}", created_at=now - timedelta(days=61))
    session.add(patient)
    session.flush()
    session.add(Conversation(id=f"b{number:031d}", patient_id=patient.id, created_at=patient.created_at))
    session.flush()
    return f"b{number:031d}"


def _message(session: Session, chance: random.Random, conversation: str, at: datetime) -> None:
    tier = chance.choices([0, 1, 2, 3], [70, 14, 12, 3])[0]
    topic = chance.choices(list(TOPICS), list(TOPICS.values()))[0]
    odd = chance.random()
    session.add(
        Message(
            conversation_id=conversation, channel="web", author=Author.PATIENT, text="…", tier=tier, topics=[topic],
            intent="out_of_scope" if odd < 0.05 else topic,
            handling=Handling.UNANSWERED if odd > 0.985 else Handling.HANDLED, created_at=at,
        )
    )  # fmt: skip


def _case(session: Session, chance: random.Random, conversation: str, at: datetime) -> None:
    tier = chance.choices([1, 2, 3], [5, 6, 1])[0]
    answered = at + timedelta(minutes=chance.expovariate(1 / TAKES[tier]))
    sign = {"id": chance.choice(SIGNS), "tier": "urgent", "message_id": None}
    session.add(
        Case(
            conversation_id=conversation, tier=tier, reason="red_flag", opened_at=at,
            due_at=at + timedelta(hours=DUE[tier]), state=CaseState.CLOSED, closed_at=answered + timedelta(hours=1),
            signs=[sign],
            outcome=chance.choices(list(Outcome), [5, 3, 5, 2, 1])[0],
        )
    )  # fmt: skip
    session.add(
        Message(
            conversation_id=conversation, channel="web", author=Author.CLINICIAN, text="…", created_at=answered
        )
    )  # fmt: skip


def _check_in(session: Session, chance: random.Random, conversation: str, at: datetime) -> None:
    told = Message(conversation_id=conversation, channel="web", author=Author.BOT, text="…", created_at=at)
    session.add(told)
    session.flush()
    sent = chance.random() < 0.85
    session.add(
        FollowUp(
            conversation_id=conversation, kind=chance.choice(["check_in_1", "check_in_3", "check_in_7"]), due_at=at,
            window_h=12, state=FollowUpState.SENT if sent else FollowUpState.MISSED, created_at=at,
            message_id=told.id if sent else None,
        )
    )  # fmt: skip
    if sent and chance.random() < 0.7:
        _message(session, chance, conversation, at + timedelta(hours=1))
