"""Review: what is worth a look and why, corrected in two clicks, shown on the message, audited without text."""

import re

import pytest

from bot.console.signs import load_signs
from bot.conversation.outbox import enqueue
from bot.services import RED_FLAGS
from bot.store.tables import Audit, Author, Conversation, Handling, Message, Outcome, Review

from .conftest import hour

URGENT = "there is pus coming out of a spot"


def read(house, message, intent: str = "washing_hair", answer: str = "", **columns) -> Message:
    """What the worker writes down when it has answered."""
    with house.services.store.write() as session:
        kept = session.get_one(Message, message.id)
        values = {"handling": Handling.HANDLED, "topics": [intent], "intent": intent, **columns}
        for name, value in values.items():
            setattr(kept, name, value)
        if answer:
            conversation = session.get_one(Conversation, message.conversation_id)
            enqueue(session, house.clock.now(), conversation, Author.BOT, answer)
    return message


def listed(browser, address: str = "/console/review") -> list[int]:
    return [int(number) for number in re.findall(r'data-item="(\d+)"', browser.get(address).text)]


def test_it_lists_what_is_worth_a_look_and_says_why(house, rae):
    read(house, house.patient("a", "when can i wash"))  # understood and answered: not listed
    unsure = read(house, house.patient("b", "erm the thing"), "nlu_fallback", "Could you say that another way?")
    doubtful = read(house, house.patient("c", "it is warm i think"), "side_effects", doubtful=True)
    down = read(house, house.patient("d", "hello"), handling=Handling.UNANSWERED)
    wrong = read(house, house.patient("e", "can i use gel"), "hair_products_dye", "No gel for 72 hours.")
    read(house, house.patient("e", "no i meant the pain gel"), "correction")
    helpless = read(house, house.patient("f", "how long is a bit"), "healing_timeline")
    read(house, house.patient("f", "can i talk to somebody"), "book_or_human")
    assert listed(rae) == [one.id for one in (helpless, wrong, down, doubtful, unsure)]
    html = rae.get("/console/review").text
    for reason in ("The assistant was not sure", "Close to a sign", "Not answered", "Asked for a person next"):
        assert reason in html
    assert "Could you say that another way?" in html
    assert "No gel for 72 hours." in html
    assert "Styling and dye" in html
    assert listed(rae, "/console/review?why=corrected") == [wrong.id]
    assert listed(rae, "/console/review?why=false_alarm") == []
    assert "5 of other kinds are filtered out" in rae.get("/console/review?why=false_alarm").text


def test_a_case_closed_as_a_false_alarm_is_looked_at(house, ana):
    message = read(house, house.patient("p", URGENT), "report_urgent")
    case = house.case(message.conversation_id)
    assert listed(ana) == []
    house.services.desk.close(ana.staff, case.id, Outcome.FALSE_ALARM)
    assert listed(ana) == [message.id]
    assert "Closed as a false alarm" in ana.get("/console/review").text


def test_a_message_that_waits_for_a_clinician_was_not_answered_by_the_assistant(house, ana):
    read(house, house.patient("p", "hello"), "nlu_fallback", handling=Handling.HELD)
    assert listed(ana) == []


@pytest.mark.parametrize(
    ("finding", "about", "words"),
    [
        ("fine", "", "Fine"),
        ("wrong_topic", "washing_hair", "Wrong topic: Washing hair"),
        ("missed_sign", "fever", "Missed sign: Fever of 38"),
        ("false_alarm", "pus", "False alarm: Pus, ooze or a bad smell"),
    ],
)
def test_one_press_keeps_what_was_found_and_takes_it_off_the_list(house, rae, finding, about, words):
    message = read(house, house.patient("p", URGENT), "report_urgent", doubtful=True)
    back = "/console/review?why=doubtful"
    answer = rae.post(f"/console/review/{message.id}", {"finding": finding, "about": about, "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{back}&done={message.id}")
    after = rae.get(answer.headers["location"]).text
    assert f"{words}" in after
    assert "Take back" in after
    assert listed(rae) == []
    assert listed(rae, "/console/review?show=done") == [message.id]
    assert "Rae Moss" in rae.get("/console/review?show=done").text
    shown = rae.get(f"/console/conversations/{message.conversation_id}").text
    assert words in shown
    with house.services.store.read() as session:
        [line] = session.query(Audit).filter(Audit.action == "reviewed").all()
        assert line.actor == f"staff:{rae.staff.id}"
        assert line.conversation_id == message.conversation_id
        assert "pus coming" not in str(line.detail)
    rae.post(f"/console/review/{message.id}/take-back", {"back": back})
    assert listed(rae) == [message.id]


def test_a_finding_that_cannot_be_is_said_and_keeps_nothing(house, rae):
    message = read(house, house.patient("p", "hello"), "greet", doubtful=True)
    for data in (
        {"finding": "wrong_topic", "about": "no_such"},
        {"finding": ""},
        {"finding": "false_alarm", "about": "pus"},
    ):
        answer = rae.post(f"/console/review/{message.id}", data)
        assert answer.status_code == 422
        assert "<title>Error: " in answer.text
    answer_of_bot = house.messages(message.conversation_id)
    assert len(answer_of_bot) == 1
    with house.services.store.read() as session:
        assert session.query(Review).count() == 0
    assert rae.get("/console/review/999999").status_code == 404
    assert rae.post("/console/review/99999999999", {"finding": "fine"}).status_code == 404


def test_only_what_patients_wrote_can_be_reviewed(house, rae):
    message = read(house, house.patient("p", "hello"), "greet", "Hello!")
    reply = house.messages(message.conversation_id)[-1]
    assert reply.author is Author.BOT
    assert rae.get(f"/console/review/{reply.id}").status_code == 404
    assert rae.post(f"/console/review/{reply.id}", {"finding": "fine"}).status_code == 404


def test_every_topic_and_sign_can_be_chosen_and_searched_in_plain_words(house, ana):
    read(house, house.patient("p", "hello"), "nlu_fallback")
    html = ana.get("/console/review").text
    known = load_signs(RED_FLAGS).known
    assert html.count('name="about" value=') - 1 == 38 + len(known)  # one more: Fine
    assert re.search(r'data-words="washing hair washing hair first wash, shampoo', html)
    assert "i think its infected" in html  # words of patients find a sign


def test_the_empty_list_says_which_empty_it_is(house, ana):
    assert "Nothing to review" in ana.get("/console/review").text
    assert "Nothing is reviewed yet" in ana.get("/console/review?show=done").text
    message = read(house, house.patient("p", "hello"), "nlu_fallback")
    ana.post(f"/console/review/{message.id}", {"finding": "fine"})
    assert "All reviewed" in ana.get("/console/review").text


def test_the_list_goes_on_and_old_messages_leave_it(house, ana):
    messages = [read(house, house.patient(f"p{number}", "erm"), "nlu_fallback") for number in range(23)]
    first = listed(ana)
    assert first == [one.id for one in reversed(messages)][:20]
    assert listed(ana, f"/console/review?show=open&before={first[-1]}") == [one.id for one in reversed(messages)][20:]
    house.clock.advance(hour(24 * 91))
    with house.services.store.write() as session:  # the sessions are over by then
        session.query(Message).filter(Message.id != messages[0].id).delete()
    assert "Sign in" in ana.get("/console/review", follow_redirects=True).text


def test_consent_to_training_is_shown_and_clinicians_note_its_withdrawal(house, rae, ben):
    message = read(house, house.patient("p", "hello"), "nlu_fallback")
    assert "has not agreed to training" in rae.get(f"/console/review/{message.id}").text
    with house.services.store.write() as session:
        session.get_one(Conversation, message.conversation_id).patient.training_at = house.clock.now()
    assert "may teach the assistant" in rae.get(f"/console/review/{message.id}").text
    assert rae.post(f"/console/review/{message.id}/no-training").status_code == 403
    assert ben.post(f"/console/review/{message.id}/no-training").status_code == 303
    assert "has not agreed to training" in ben.get(f"/console/review/{message.id}").text


def test_text_of_patients_is_shown_as_text(house, rae):
    read(house, house.patient("p", "<img src=x onerror=alert(1)>"), "nlu_fallback", "<b>hm</b>")
    html = rae.get("/console/review").text
    assert "<img src=x" not in html
    assert "<b>hm" not in html
    assert "&lt;img" in html
