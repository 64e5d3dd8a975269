"""Cases: one open in a conversation; tier only rises, due time only comes nearer, nothing is written twice."""

from datetime import timedelta

import pytest

from bot.conversation.cases import apply_verdict, case_before, open_or_raise
from bot.conversation.desk_rules import HandBackReason
from bot.store.tables import CaseState, Delivery, Message, Outcome
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK
from tests.house import EMERGENCY, URGENT, House

SIGN = {"id": "pus", "tier": "urgent", "evidence": "pus"}


def raise_to(house: House, conversation_id: str, tier: Tier, reason: str = "concern", **more):
    with house.store.write() as session:
        clinic, now = house.shared.clinic, house.clock.now()
        return open_or_raise(session, clinic, now, conversation_id, tier=tier, reason=reason, **more)


@pytest.fixture
def thread(house: House) -> str:
    return house.receive("hello").conversation_id


def test_a_conversation_has_one_open_case(house: House, thread: str):
    for tier in (Tier.ROUTINE, Tier.URGENT, Tier.ROUTINE, Tier.EMERGENCY):
        raise_to(house, thread, tier)
    assert [case.tier for case in house.cases()] == [Tier.EMERGENCY]


def test_a_closed_case_stays_closed_and_a_new_one_is_opened(house: House, thread: str):
    first = raise_to(house, thread, Tier.URGENT)
    house.services.desk.close(house.staff(), first.id, Outcome.ADVICE_GIVEN)
    raise_to(house, thread, Tier.ROUTINE)
    assert [(case.state, case.tier) for case in house.cases()] == [
        (CaseState.CLOSED, Tier.URGENT),
        (CaseState.OPEN, Tier.ROUTINE),
    ]


@pytest.mark.parametrize("lesser", [Tier.NONE, Tier.ROUTINE, Tier.URGENT])
def test_the_tier_never_falls(house: House, thread: str, lesser: Tier):
    first = raise_to(house, thread, Tier.EMERGENCY, "red_flag")
    raise_to(house, thread, lesser, "asked_for_person")
    case = house.case(thread)
    assert (case.tier, case.reason, case.due_at) == (Tier.EMERGENCY, "red_flag", first.due_at)


def test_each_tier_is_due_by_the_clinic_s_target(house: House, thread: str):
    targets = house.shared.clinic.targets
    routine = raise_to(house, thread, Tier.ROUTINE).due_at
    urgent = raise_to(house, thread, Tier.URGENT).due_at
    emergency = raise_to(house, thread, Tier.EMERGENCY).due_at
    assert urgent == house.clock.now() + timedelta(hours=targets.urgent)
    assert emergency == house.clock.now() + timedelta(hours=targets.emergency)
    assert emergency < urgent < routine


def test_a_raised_case_is_never_due_later_than_it_was(house: House, thread: str):
    due = raise_to(house, thread, Tier.ROUTINE).due_at
    house.clock.put(due - timedelta(minutes=5))
    assert raise_to(house, thread, Tier.URGENT).due_at == due


def test_an_acknowledged_case_is_open_again_when_it_is_raised(house: House, thread: str):
    case = raise_to(house, thread, Tier.URGENT)
    house.services.desk.acknowledge(house.staff(), case.id)
    raise_to(house, thread, Tier.EMERGENCY)
    case = house.case(thread)
    assert (case.state, case.acknowledged_at) == (CaseState.OPEN, None)


def test_an_acknowledged_case_stays_so_when_the_same_is_said_again(house: House, thread: str):
    case = raise_to(house, thread, Tier.URGENT)
    house.services.desk.acknowledge(house.staff(), case.id)
    raise_to(house, thread, Tier.URGENT)
    assert house.case(thread).state is CaseState.ACKNOWLEDGED


def test_an_acknowledged_case_is_open_again_with_another_alarm_and_due_anew(house: House, thread: str):
    case = raise_to(house, thread, Tier.URGENT, signs=[SIGN], message_id=1)
    house.services.desk.acknowledge(house.staff(), case.id)
    house.clock.advance(timedelta(days=2))
    raise_to(house, thread, Tier.URGENT, signs=[{**SIGN, "id": "another", "tier": "urgent"}], message_id=2)
    again = house.case(thread)
    assert (again.state, again.acknowledged_at) == (CaseState.OPEN, None)
    assert again.due_at > house.clock.now()


def test_an_acknowledged_case_is_open_again_when_the_sign_comes_back_after_an_answer(house: House, thread: str):
    alarm = {**SIGN, "tier": "urgent"}
    ben = house.staff()
    case = raise_to(house, thread, Tier.URGENT, signs=[alarm], message_id=1)
    house.services.desk.acknowledge(ben, case.id)
    raise_to(house, thread, Tier.URGENT, signs=[alarm], message_id=2)
    assert house.case(thread).state is CaseState.ACKNOWLEDGED
    house.services.desk.take_over(ben, thread)
    house.services.desk.reply(ben, thread, "Please come in", key="k", last_seen=99)
    house.services.desk.hand_back(ben, thread, HandBackReason.ANSWERED)
    assert house.case(thread).state is CaseState.ACKNOWLEDGED
    raise_to(house, thread, Tier.URGENT, signs=[alarm], message_id=99)
    assert house.case(thread).state is CaseState.OPEN


@pytest.mark.parametrize(("delivery", "answered"), [(Delivery.SENT, True), (Delivery.FAILED, False)])
def test_a_reply_that_never_arrived_is_no_answer(house: House, delivery: Delivery, answered: bool):
    ben, received = house.staff(), house.receive(URGENT)
    thread = received.conversation_id
    house.services.desk.take_over(ben, thread)
    sent = house.services.desk.reply(ben, thread, "Please come in", key="k", last_seen=received.message_id)
    later = house.receive("when can I wash")
    with house.store.write() as session:
        session.get_one(Message, sent).delivery = delivery
        case, message = house.case(thread), session.get_one(Message, later.message_id)
        assert case_before(session, case, message)["answered"] is answered


def test_a_case_with_a_clinician_stays_with_them_when_it_is_raised(house: House, thread: str):
    house.services.desk.take_over(house.staff(), thread)
    raise_to(house, thread, Tier.EMERGENCY)
    assert (house.case(thread).state, house.case(thread).tier) == (CaseState.WITH_CLINICIAN, Tier.EMERGENCY)


def test_a_sign_is_not_doubled(house: House, thread: str):
    for _ in range(2):
        raise_to(house, thread, Tier.URGENT, signs=[SIGN], message_id=1)
    assert house.case(thread).signs == [{"message_id": 1, **SIGN}]
    raise_to(house, thread, Tier.URGENT, signs=[SIGN], message_id=2)
    assert [sign["message_id"] for sign in house.case(thread).signs] == [1, 2]


def test_adding_what_is_there_leaves_no_trace(house: House, thread: str):
    raise_to(house, thread, Tier.URGENT, signs=[SIGN], message_id=1)
    before = len(house.audit()), len(house.events())
    raise_to(house, thread, Tier.URGENT, signs=[SIGN], message_id=1)
    assert (len(house.audit()), len(house.events())) == before


def test_a_verdict_without_risk_opens_nothing(house: House, thread: str):
    with house.store.write() as session:
        assert apply_verdict(session, house.shared.clinic, house.clock.now(), thread, 1, NO_RISK) is None
    assert house.cases() == []


def test_every_change_is_an_audit_row_without_the_patient_s_words(house: House):
    first = house.receive(URGENT)
    house.receive(EMERGENCY)
    rows = house.audit()
    assert [row.action for row in rows] == ["case_opened", "case_raised"]
    assert [row.detail["tier"] for row in rows] == ["urgent", "emergency"]
    assert {row.conversation_id for row in rows} == {first.conversation_id}
    assert not any(word in str(row.detail) for row in rows for word in ("pus", "39.2", "throat", "breathe"))
