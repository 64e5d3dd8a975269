"""Private notes, another tier, snoozing, and passing a case on."""

from datetime import timedelta

import pytest

from bot.conversation.desk import DeskError
from bot.conversation.desk_rules import HandBackReason, PassReason, TakeoverReason, TierReason
from bot.conversation.snooze import asleep
from bot.store.tables import Author, Case, CaseState, Message, Note, Owner, Role, Staff
from bot.triage.tier import Tier
from tests.house import EMERGENCY, URGENT, House


@pytest.fixture
def ana(house: House) -> Staff:
    return house.staff("Ana Silva", title="Nurse")


@pytest.fixture
def ben(house: House) -> Staff:
    return house.staff("Ben Ito")


@pytest.fixture
def case(house: House) -> Case:
    found = house.case(house.receive(URGENT).conversation_id)
    assert found
    return found


def hidden(house: House) -> list[int]:
    with house.store.read() as session:
        return [row.id for row in session.query(Case).filter(asleep())]


def hour(house: House, number: float):
    return house.clock.now() + timedelta(hours=number)


def test_a_note_is_kept_once_and_no_patient_ever_gets_it(house: House, case: Case, ana: Staff):
    work, thread = house.services.case_work, case.conversation_id
    before = len(house.messages(thread))
    first = work.add_note(ana, thread, " seen the photo \x00", key="k")
    assert work.add_note(ana, thread, "seen the photo", key="k") == first
    with house.store.read() as session:
        [note] = session.query(Note)
        assert (note.text, note.staff_id, note.created_at) == ("seen the photo", ana.id, house.clock.now())
    assert len(house.messages(thread)) == before
    line = house.audit()[-1]
    assert (line.action, line.detail) == ("noted", {"note_id": first})


@pytest.mark.parametrize(("text", "why"), [("  ", "empty"), ("x" * 4001, "4001 characters; 4000 is the most")])
def test_a_note_that_cannot_be_kept_says_why(house: House, case: Case, ana: Staff, text: str, why: str):
    with pytest.raises(DeskError, match=why):
        house.services.case_work.add_note(ana, case.conversation_id, text, key="k")


def test_raising_a_tier_brings_the_due_time_nearer_and_lowering_counts_from_the_opening(house: House, case, ana):
    work = house.services.case_work
    house.clock.advance(timedelta(minutes=10))
    work.change_tier(ana, case.id, Tier.EMERGENCY, TierReason.PHOTO)
    raised = house.case(case.conversation_id)
    assert (raised.tier, raised.due_at) == (Tier.EMERGENCY, house.clock.now() + timedelta(minutes=15))
    work.change_tier(ana, case.id, Tier.URGENT, TierReason.SPOKE)
    assert house.case(case.conversation_id).due_at == case.opened_at + timedelta(hours=2)
    line = house.audit()[-1]
    assert (line.action, line.detail) == ("tier_changed", {"was": "emergency", "tier": "urgent", "reason": "spoke"})
    with pytest.raises(DeskError, match="false alarm"):
        work.change_tier(ana, case.id, Tier.NONE, TierReason.MISREAD)


def test_a_new_sign_raises_what_a_clinician_lowered(house: House, case: Case, ana: Staff):
    house.services.case_work.change_tier(ana, case.id, Tier.ROUTINE, TierReason.MILDER_THAN_READ)
    house.receive(EMERGENCY)
    assert house.case(case.conversation_id).tier == Tier.EMERGENCY


def test_a_case_is_not_put_off_over_an_alarm_since_somebody_looked(house: House, case: Case, ana: Staff):
    read = house.messages(case.conversation_id, Author.PATIENT)[-1].id
    house.services.desk.see(ana, case.conversation_id, read)
    house.clock.advance(timedelta(minutes=5))
    house.receive("accidentally took my oral minoxidil twice today")
    with pytest.raises(DeskError, match="something urgent since you looked"):
        house.services.case_work.snooze(ana, case.id, house.clock.now() + timedelta(days=3))


def test_a_snoozed_case_is_out_of_sight_until_its_time(house: House, case: Case, ana: Staff):
    house.services.case_work.snooze(ana, case.id, hour(house, 2))
    assert hidden(house) == [case.id]
    house.clock.advance(timedelta(hours=2) - timedelta(seconds=1))
    assert house.services.snoozes.wake_due() == 0
    house.clock.advance(timedelta(seconds=1))
    assert (house.services.snoozes.wake_due(), house.services.snoozes.wake_due()) == (1, 0)
    assert hidden(house) == []
    assert house.events("case")[-1].data["back"] is True


def test_it_comes_back_as_soon_as_the_patient_writes(house: House, case: Case, ana: Staff):
    house.services.case_work.snooze(ana, case.id, hour(house, 2))
    house.receive("hello?")
    assert hidden(house) == []  # at once, before anybody has looked
    assert house.services.snoozes.wake_due() == 1


def test_it_comes_back_with_a_new_sign_by_hand_and_when_somebody_takes_over(house: House, case: Case, ana: Staff):
    work = house.services.case_work
    work.snooze(ana, case.id, hour(house, 2))
    work.change_tier(ana, case.id, Tier.EMERGENCY, TierReason.PHOTO)
    assert house.case(case.conversation_id).snoozed_until is None
    work.change_tier(ana, case.id, Tier.URGENT, TierReason.SPOKE)
    work.snooze(ana, case.id, hour(house, 2))
    work.wake(ana, case.id)
    assert hidden(house) == []
    work.snooze(ana, case.id, hour(house, 2))
    house.services.desk.take_over(ana, case.conversation_id)
    assert hidden(house) == []


def test_an_emergency_that_waits_is_never_hidden(house: House, ana: Staff):
    thread = house.receive(EMERGENCY).conversation_id
    case, work = house.case(thread), house.services.case_work
    with pytest.raises(DeskError, match="cannot be put off"):
        work.snooze(ana, case.id, hour(house, 1))
    house.services.desk.take_over(ana, thread)
    seen = max(message.id for message in house.messages(thread, Author.PATIENT))
    answer = house.services.desk.reply(ana, thread, "Have you called 999?", key="k", last_seen=seen)
    work.snooze(ana, case.id, hour(house, 1))
    assert hidden(house) == [case.id]
    house.receive("yes, they are here")
    assert hidden(house) == []
    with house.store.read() as session:
        assert session.get_one(Message, answer).text == "Have you called 999?"


@pytest.mark.parametrize("hours", [-1, 0, 24 * 15])
def test_a_snooze_ends_within_fourteen_days(house: House, case: Case, ana: Staff, hours: float):
    with pytest.raises(DeskError, match="within the next 14 days"):
        house.services.case_work.snooze(ana, case.id, hour(house, hours))


def test_passing_on_gives_the_case_and_the_conversation(house: House, case: Case, ana: Staff, ben: Staff):
    desk, thread = house.services.desk, case.conversation_id
    desk.pass_on(ana, case.id, ben.id, PassReason.KNOWS_MORE)
    assert (house.case(thread).assignee_id, house.conversation(thread).owner) == (ben.id, Owner.BOT)
    desk.take_over(ana, thread)
    desk.pass_on(ana, case.id, ben.id, PassReason.KNOWS_MORE)
    assert (house.case(thread).assignee_id, house.conversation(thread).owner_staff_id) == (ben.id, ben.id)
    assert "Ben Ito" in house.messages(thread, Author.SYSTEM)[-1].text
    with pytest.raises(DeskError, match="A colleague has this conversation"):
        desk.pass_on(ana, case.id, ana.id, PassReason.KNOWS_MORE)
    desk.pass_on(ben, case.id, None, PassReason.KNOWS_MORE)
    now = house.case(thread)
    assert (now.state, now.assignee_id) == (CaseState.ACKNOWLEDGED, None)
    assert house.conversation(thread).owner is Owner.BOT


def test_handing_over_keeps_why_in_the_log_and_the_note_out_of_it(house: House, case: Case, ana: Staff, ben: Staff):
    desk, thread = house.services.desk, case.conversation_id
    desk.take_over(ana, thread)
    desk.pass_on(ana, case.id, ben.id, PassReason.OFF_SHIFT, "rang twice, no answer")
    desk.hand_back(ben, thread, HandBackReason.WAITS_FOR_PATIENT, " ")
    lines = [(line.action, line.detail.get("reason")) for line in house.audit() if line.actor != "bot"]
    assert lines[-3:] == [("assigned", "my_shift_ends"), ("noted", None), ("handed_back", "waits_for_patient")]
    with house.store.read() as session:
        assert [(note.staff_id, note.text) for note in session.query(Note)] == [(ana.id, "rang twice, no answer")]
    assert "rang" not in str([line.detail for line in house.audit()])
    assert "rang" not in " ".join(message.text for message in house.messages(thread))


def test_a_note_that_is_too_long_hands_nothing_over(house: House, case: Case, ana: Staff):
    desk, thread = house.services.desk, case.conversation_id
    desk.take_over(ana, thread)
    with pytest.raises(DeskError, match="4000 is the most"):
        desk.hand_back(ana, thread, HandBackReason.ANSWERED, "x" * 4001)
    assert house.conversation(thread).owner_staff_id == ana.id


def test_nobody_is_given_a_case_who_cannot_act(house: House, case: Case, ana: Staff):
    rae = house.staff("Rae Moss", Role.REVIEWER)
    for staff_id in (rae.id, 999):
        with pytest.raises(DeskError):
            house.services.desk.pass_on(ana, case.id, staff_id, PassReason.KNOWS_MORE)


def test_taking_from_a_colleague_needs_a_reason(house: House, case: Case, ana: Staff, ben: Staff):
    desk, thread = house.services.desk, case.conversation_id
    desk.take_over(ben, thread)
    with pytest.raises(DeskError, match="Ben Ito has this conversation"):
        desk.take_over(ana, thread)
    desk.take_over(ana, thread, TakeoverReason.OFF_SHIFT)
    assert house.conversation(thread).owner_staff_id == ana.id
    line = house.audit()[-1]
    assert (line.action, line.detail) == ("took_from_colleague", {"reason": "off_shift", "from_staff_id": ben.id})


def test_reviewers_do_none_of_it(house: House, case: Case):
    rae, work = house.staff("Rae Moss", Role.REVIEWER), house.services.case_work
    for verb in (
        lambda: work.add_note(rae, case.conversation_id, "hm", key="k"),
        lambda: work.change_tier(rae, case.id, Tier.ROUTINE, TierReason.SPOKE),
        lambda: work.snooze(rae, case.id, hour(house, 1)),
        lambda: work.wake(rae, case.id),
        lambda: house.services.desk.pass_on(rae, case.id, None, PassReason.KNOWS_MORE),
    ):
        with pytest.raises(DeskError, match="Reviewers read"):
            verb()
