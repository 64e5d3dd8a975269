"""The clinicians' verbs: who may, what is refused, and what each leaves behind."""

import threading
from datetime import timedelta

import pytest

from bot.conversation.desk import DeskError, called
from bot.conversation.desk_rules import HandBackReason, PassReason
from bot.store.tables import Author, Case, CaseState, Handling, Outcome, Owner, Role, Staff
from tests.house import HARMLESS, URGENT, House


@pytest.fixture
def ana(house: House) -> Staff:
    return house.staff("Ana Silva", Role.ADMIN, "Nurse")


@pytest.fixture
def ben(house: House) -> Staff:
    return house.staff("Ben Ito", Role.CLINICIAN, "Dr")


@pytest.fixture
def rae(house: House) -> Staff:
    return house.staff("Rae Moss", Role.REVIEWER, "")


@pytest.fixture
def case(house: House) -> Case:
    received = house.receive(URGENT)
    found = house.case(received.conversation_id)
    assert found
    return found


def newest(house: House, case: Case) -> int:
    return max(message.id for message in house.messages(case.conversation_id, Author.PATIENT))


def actions(house: House, who: Staff) -> list[str]:
    return [row.action for row in house.audit() if row.actor == f"staff:{who.id}"]


def test_acknowledging_says_that_it_was_seen_and_twice_changes_nothing(house: House, case: Case, ben: Staff, ana):
    desk = house.services.desk
    desk.acknowledge(ben, case.id)
    now = house.case(case.conversation_id)
    assert (now.state, now.acknowledged_at) == (CaseState.ACKNOWLEDGED, house.clock.now())
    desk.acknowledge(ana, case.id)
    assert (actions(house, ben), actions(house, ana)) == (["acknowledged"], [])


def test_taking_over_gives_the_case_tells_the_patient_and_holds_what_waits(house: House, case: Case, ana: Staff):
    house.services.desk.take_over(ana, case.conversation_id)
    conversation, now = house.conversation(case.conversation_id), house.case(case.conversation_id)
    assert (conversation.owner, conversation.owner_staff_id) == (Owner.CLINICIAN, ana.id)
    assert (now.state, now.assignee_id, now.acknowledged_at) == (CaseState.WITH_CLINICIAN, ana.id, house.clock.now())
    assert [message.handling for message in house.messages(author=Author.PATIENT)] == [Handling.HELD]
    [told] = house.messages(author=Author.SYSTEM)
    assert "Nurse Ana Silva" in told.text
    assert [event.data for event in house.events("handoff")] == [{"owner": "clinician", "staff_id": ana.id}]
    house.services.desk.take_over(ana, case.conversation_id)
    assert actions(house, ana) == ["took_over"]


def test_taking_over_a_conversation_without_a_case_opens_one(house: House, ana: Staff):
    received = house.receive(HARMLESS)
    house.services.desk.take_over(ana, received.conversation_id)
    assert house.case(received.conversation_id).reason == "taken_over"


def test_one_claim_of_twenty_wins_and_the_others_are_told_who_has_it(house: House, case: Case):
    people = [house.staff(f"Person {number}") for number in range(20)]
    start, won, lost = threading.Barrier(20), [], []

    def claim(person: Staff) -> None:
        start.wait()
        try:
            house.services.desk.take_over(person, case.conversation_id)
            won.append(person)
        except DeskError as refusal:
            lost.append(str(refusal))

    threads = [threading.Thread(target=claim, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)
    assert set(lost) == {f"{won[0].name} has this conversation."}
    assert house.case(case.conversation_id).assignee_id == won[0].id
    assert len(house.messages(author=Author.SYSTEM)) == 1


def test_only_the_owner_replies(house: House, case: Case, ana: Staff, ben: Staff):
    desk, seen = house.services.desk, newest(house, case)
    with pytest.raises(DeskError, match="Take the conversation over first"):
        desk.reply(ben, case.conversation_id, "Hello", key="k", last_seen=seen)
    desk.take_over(ana, case.conversation_id)
    with pytest.raises(DeskError, match="Take the conversation over first"):
        desk.reply(ben, case.conversation_id, "Hello", key="k", last_seen=seen)
    sent = house.message(desk.reply(ana, case.conversation_id, "Hello\x00", key="k", last_seen=seen))
    assert (sent.text, sent.author, sent.staff_id) == ("Hello", Author.CLINICIAN, ana.id)
    assert [message.handling for message in house.messages(author=Author.PATIENT)] == [Handling.HANDLED]


def test_a_reply_to_less_than_the_patient_wrote_is_refused(house: House, case: Case, ana: Staff):
    desk, seen = house.services.desk, newest(house, case)
    desk.take_over(ana, case.conversation_id)
    house.receive("one more thing")
    with pytest.raises(DeskError, match="has written since"):
        desk.reply(ana, case.conversation_id, "Hello", key="k", last_seen=seen)
    assert house.messages(author=Author.CLINICIAN) == []
    desk.reply(ana, case.conversation_id, "Hello", key="k", last_seen=newest(house, case))


def test_a_reply_sent_twice_arrives_once(house: House, case: Case, ana: Staff):
    desk, seen = house.services.desk, newest(house, case)
    desk.take_over(ana, case.conversation_id)
    first = desk.reply(ana, case.conversation_id, "Hello", key="k", last_seen=seen)
    house.receive("thanks")  # and though the patient has written meanwhile
    assert desk.reply(ana, case.conversation_id, "Hello", key="k", last_seen=seen) == first
    assert len(house.messages(author=Author.CLINICIAN)) == 1
    assert desk.reply(ana, case.conversation_id, "More", key="l", last_seen=newest(house, case)) != first


def test_other_words_from_a_tab_that_does_not_know_of_the_first_reply_arrive_too(house: House, case: Case, ana: Staff):
    desk, seen = house.services.desk, newest(house, case)
    desk.take_over(ana, case.conversation_id)
    for text in ("You may wash it", "You may NOT wash it"):
        desk.reply(ana, case.conversation_id, text, key="k", last_seen=seen)
    assert [one.text for one in house.messages(author=Author.CLINICIAN)] == ["You may wash it", "You may NOT wash it"]


@pytest.mark.parametrize(("text", "why"), [(" \x00 ", "empty"), ("x" * 4097, "4097 characters; 4096 is the most")])
def test_a_reply_that_cannot_be_sent_says_why(house: House, case: Case, ana: Staff, text: str, why: str):
    house.services.desk.take_over(ana, case.conversation_id)
    with pytest.raises(DeskError, match=why):
        house.services.desk.reply(ana, case.conversation_id, text, key="k", last_seen=newest(house, case))


@pytest.mark.parametrize("end", ["hand_back", "close"])
async def test_handing_back_and_closing_let_the_bot_answer_again(house: House, rasa, case: Case, ana: Staff, end: str):
    desk, thread = house.services.desk, case.conversation_id
    desk.take_over(ana, thread)
    meant_for_ana = house.receive("for the nurse")
    if end == "close":
        desk.close(ana, case.id, Outcome.SEEN, "note\x00 of ours")
    else:
        desk.hand_back(ana, thread, HandBackReason.ANSWERED)
    conversation = house.conversation(thread)
    assert (conversation.owner, conversation.owner_staff_id) == (Owner.BOT, None)
    assert house.message(meant_for_ana.message_id).handling is Handling.HANDLED
    assert [event.data["owner"] for event in house.events("handoff")] == ["clinician", "bot"]
    house.receive("for the bot")
    await house.services.worker.answer_waiting()
    assert rasa.texts == ["for the bot"]
    with house.store.read() as session:
        row = session.get_one(Case, case.id)
    if end == "close":
        assert (row.state, row.outcome, row.closed_at) == (CaseState.CLOSED, Outcome.SEEN, house.clock.now())
        assert row.closing_note == "note of ours"
    else:
        assert row.state is CaseState.ACKNOWLEDGED


def test_only_the_owner_or_an_admin_hands_back_and_closes(house: House, case: Case, ana: Staff, ben: Staff):
    desk, carl = house.services.desk, house.staff("Carl")
    desk.take_over(ben, case.conversation_id)
    with pytest.raises(DeskError, match="Only the one who has the conversation"):
        desk.hand_back(carl, case.conversation_id, HandBackReason.ANSWERED)
    with pytest.raises(DeskError, match="Somebody else has this conversation"):
        desk.close(carl, case.id, Outcome.SEEN)
    desk.hand_back(ana, case.conversation_id, HandBackReason.ANSWERED)
    assert house.conversation(case.conversation_id).owner is Owner.BOT
    desk.take_over(ben, case.conversation_id)
    desk.close(ana, case.id, Outcome.SEEN)
    assert house.case(case.conversation_id) is None


def alarm_while_held(house: House, case: Case, who: Staff) -> None:
    house.services.desk.take_over(who, case.conversation_id)
    house.clock.advance(timedelta(minutes=5))
    house.receive("yellow pus and a fever of 39")
    house.clock.advance(timedelta(minutes=1))


@pytest.mark.parametrize("verb", ["hand_back", "pass_on"])
def test_an_alarm_that_nobody_answered_waits_again_when_it_is_given_away(
    house: House, case: Case, ana: Staff, verb: str
):
    alarm_while_held(house, case, ana)
    if verb == "hand_back":
        house.services.desk.hand_back(ana, case.conversation_id, HandBackReason.OFF_SHIFT)
    else:
        house.services.desk.pass_on(ana, case.id, None, PassReason.OFF_SHIFT)
    now = house.case(case.conversation_id)
    assert (now.state, now.acknowledged_at) == (CaseState.OPEN, None)


def test_a_case_is_not_closed_over_an_alarm_that_nobody_has_read(house: House, case: Case, ana: Staff):
    alarm_while_held(house, case, ana)
    with pytest.raises(DeskError, match="since you looked"):
        house.services.desk.close(ana, case.id, Outcome.ADVICE_GIVEN)
    assert house.case(case.conversation_id).state is CaseState.WITH_CLINICIAN
    house.services.desk.see(ana, case.conversation_id, newest(house, case))
    house.services.desk.close(ana, case.id, Outcome.ADVICE_GIVEN)
    assert house.case(case.conversation_id) is None


ANOTHER = "the redness is spreading and red streaks run from my scalp"


@pytest.mark.parametrize("looked", ["saw", "acknowledged"])
def test_nor_is_one_of_the_bot_s_closed_over_an_alarm_since_somebody_looked(
    house: House, case: Case, ana: Staff, looked: str
):
    if looked == "saw":
        house.services.desk.see(ana, case.conversation_id, newest(house, case))
    else:
        house.services.desk.acknowledge(ana, case.id)
    house.clock.advance(timedelta(minutes=5))
    house.receive(ANOTHER)
    if looked == "acknowledged":
        house.services.desk.acknowledge(ana, case.id)
    else:
        with pytest.raises(DeskError, match="something urgent since you looked"):
            house.services.desk.close(ana, case.id, Outcome.SEEN)
        house.services.desk.see(ana, case.conversation_id, newest(house, case))
    house.services.desk.close(ana, case.id, Outcome.SEEN)
    assert house.case(case.conversation_id) is None


def test_handing_back_what_the_bot_has_changes_nothing(house: House, case: Case, ana: Staff):
    before = len(house.events()), len(house.audit())
    house.services.desk.hand_back(ana, case.conversation_id, HandBackReason.ANSWERED)
    assert (len(house.events()), len(house.audit())) == before


def test_a_closed_case_takes_no_more_verbs(house: House, case: Case, ana: Staff):
    house.services.desk.close(ana, case.id, Outcome.FALSE_ALARM)
    with pytest.raises(DeskError, match="closed already"):
        house.services.desk.close(ana, case.id, Outcome.SEEN)
    with pytest.raises(DeskError, match="closed already"):
        house.services.desk.acknowledge(ana, case.id)


def test_what_does_not_exist_is_said_so(house: House, ana: Staff):
    desk = house.services.desk
    with pytest.raises(DeskError, match="no such case"):
        desk.acknowledge(ana, 99)
    for verb, *reason in ((desk.take_over,), (desk.hand_back, HandBackReason.ANSWERED)):
        with pytest.raises(DeskError, match="no such conversation"):
            verb(ana, "nowhere", *reason)


def test_a_reviewer_changes_nothing(house: House, case: Case, rae: Staff):
    desk, thread = house.services.desk, case.conversation_id
    before = len(house.events()), len(house.audit()), len(house.messages())
    for verb in (
        lambda: desk.acknowledge(rae, case.id),
        lambda: desk.take_over(rae, thread),
        lambda: desk.reply(rae, thread, "Hello", key="k", last_seen=99),
        lambda: desk.hand_back(rae, thread, HandBackReason.ANSWERED),
        lambda: desk.close(rae, case.id, Outcome.SEEN),
    ):
        with pytest.raises(DeskError, match="Reviewers read"):
            verb()
    assert (len(house.events()), len(house.audit()), len(house.messages())) == before


def test_every_verb_leaves_an_audit_row_and_none_holds_anybody_s_words(house: House, case: Case, ana: Staff):
    desk, thread = house.services.desk, case.conversation_id
    desk.acknowledge(ana, case.id)
    desk.take_over(ana, thread)
    desk.reply(ana, thread, "a word of advice", key="k", last_seen=newest(house, case))
    desk.hand_back(ana, thread, HandBackReason.ANSWERED)
    desk.close(ana, case.id, Outcome.ADVICE_GIVEN, "a closing note")
    assert actions(house, ana) == ["acknowledged", "took_over", "replied", "handed_back", "closed"]
    written = " ".join(str(row.detail) for row in house.audit()) + " ".join(str(event.data) for event in house.events())
    for words in ("a word", "closing note", "pus", "scalp"):
        assert words not in written


def test_patients_read_a_title_and_a_name(ana: Staff, rae: Staff):
    assert (called(ana), called(rae)) == ("Nurse Ana Silva", "Rae Moss")
