"""The queue: its order, its words, its counts."""

import re

import pytest

from bot.care.symptom_check import verdict_of
from bot.console.times import Times, span
from bot.conversation.cases import open_or_raise
from bot.conversation.check import put_check
from bot.conversation.outbox import enqueue
from bot.store.tables import Author, Conversation
from bot.triage.tier import Tier

from .conftest import NOON, hour

EMERGENCY = "my face is swelling and I can't breathe"
URGENT = "there is pus coming out of a spot"


def rows_of(html: str) -> list[str]:
    return re.findall(r'<li id="row-(\w+)"', html)


def routine(house, key: str, reason: str = "asked_for_person") -> str:
    message = house.patient(key, "can I talk to a person")
    with house.services.store.write() as session:
        open_or_raise(
            session, house.services.clinic, house.clock.now(), message.conversation_id, tier=Tier.ROUTINE, reason=reason
        )
    return message.conversation_id


def test_urgency_comes_first_then_the_longest_wait(house, ana):
    later = routine(house, "a")
    house.clock.advance(hour(1))
    first_urgent = house.patient("b", URGENT).conversation_id
    house.clock.advance(hour(1))
    second_urgent = house.patient("c", URGENT, "telegram").conversation_id
    emergency = house.patient("d", EMERGENCY).conversation_id
    html = ana.get("/console").text
    assert rows_of(html) == [emergency, first_urgent, second_urgent, later]
    assert f"Web visitor {emergency[:4]}" in html
    assert f"Telegram patient {second_urgent[:4]}" in html
    assert "<title>(3) Open" in html
    assert rows_of(ana.get("/console?tier=urgent").text) == [first_urgent, second_urgent]


def test_a_wait_runs_from_the_oldest_unanswered_message(house, ana):
    conversation = house.patient("a", URGENT).conversation_id
    house.clock.advance(hour(0.5))
    with house.services.store.write() as session:
        enqueue(session, house.clock.now(), session.get_one(Conversation, conversation), Author.BOT, "Call us.")
    house.clock.advance(hour(0.25))
    newest = house.patient("a", "hello?")
    assert "waiting 45 min" in ana.get("/console").text
    house.services.desk.take_over(ana.staff, conversation)
    house.services.desk.reply(ana.staff, conversation, "I am here", key="k", last_seen=newest.id)
    html = ana.get("/console").text
    assert "waiting for the patient" in html
    house.clock.advance(hour(2))
    house.patient("a", "thank you, and now?")
    html = ana.get("/console").text
    assert "waiting under a minute" in html
    assert "due in 2 h" in html  # an answer starts a due time of its own


@pytest.mark.parametrize(
    ("minutes", "words"), [(119, "due in 1 min"), (120, "due now"), (121, "overdue by 1 min"), (60, "due in 1 h")]
)
def test_the_wait_stands_against_the_target_in_words(house, ana, minutes, words):
    house.patient("a", URGENT)
    house.clock.advance(hour(minutes / 60))
    assert words in ana.get("/console").text


def test_far_targets_are_said_in_the_clinics_zone(house):
    times = Times(house.services.clinic, NOON)
    assert times.due(NOON + hour(70)) == "due Sat 21 Nov 10:00"
    assert times.zone_label == "Europe/London (GMT)"
    assert span(hour(2.1)) == "2 h 6 min"


def test_a_symptom_check_left_unanswered_is_said_in_plain_words(house, ana):
    words = "Did not answer the symptom check"
    new = routine(house, "a", "check_unanswered")
    known = routine(house, "b")
    with house.services.store.write() as session:
        for conversation in (new, known):
            row = session.get_one(Conversation, conversation)
            put_check(row, "asked", house.services.clinic, house.clock.now())
    house.clock.advance(hour(0.5))
    assert house.services.silence.speak_up() == 2
    queue = ana.get("/console").text
    listed = queue.partition('<ol id="rows"')[2]
    assert listed.count(words) == 2
    assert "Asked for a person" in listed
    for conversation in (new, known):
        page = ana.get(f"/console/conversations/{conversation}").text
        assert words in page
        assert "Found by the silence after a question of ours" in page


def test_answers_to_the_symptom_check_are_said_in_plain_words(house, ana):
    message = house.patient("a", "fever button")
    with house.services.store.write() as session:
        verdict = verdict_of(["fever", "breathing"])
        signs = [sign.as_dict() for sign in verdict.signs]
        open_or_raise(
            session, house.services.clinic, house.clock.now(), message.conversation_id, tier=verdict.tier,
            reason="red_flag", signs=signs, message_id=message.id,
        )  # fmt: skip
    for page in (ana.get("/console").text, ana.get(f"/console/conversations/{message.conversation_id}").text):
        assert "Says: fever of 38 °C or more" in page
        assert "Says: trouble breathing, or face, lips or throat swollen" in page


def test_tabs_show_what_they_say(house, ana, ben):
    mine = house.patient("a", URGENT).conversation_id
    other = house.patient("b", URGENT).conversation_id
    quiet = house.patient("c", "thank you").conversation_id
    house.services.desk.take_over(ana.staff, mine)
    house.services.desk.close(ben.staff, house.case(other).id, "false_alarm")
    assert rows_of(ana.get("/console").text) == [mine]
    assert rows_of(ana.get("/console?tab=mine").text) == [mine]
    assert rows_of(ben.get("/console?tab=mine").text) == []
    closed = ana.get("/console?tab=closed").text
    assert len(rows_of(closed)) == 1
    assert f'href="/console/conversations/{other}"' in closed
    assert set(rows_of(ana.get("/console?tab=all").text)) == {mine, other, quiet}


def test_closed_cases_of_one_conversation_are_rows_of_their_own(house, ana):
    for _ in range(2):
        conversation = house.patient("a", URGENT).conversation_id
        house.services.desk.close(ana.staff, house.case(conversation).id, "false_alarm")
        house.clock.advance(hour(1))
    closed = ana.get("/console?tab=closed", headers={"HX-Request": "true"}).text
    assert closed.count(f'href="/console/conversations/{conversation}"') == 2
    assert len(set(rows_of(closed))) == 2


def test_an_empty_queue_says_why_it_is_empty(house, ana):
    assert "All answered." in ana.get("/console").text
    house.patient("a", URGENT)
    html = ana.get("/console?tier=emergency").text
    assert "Nothing matches." in html
    assert "1 case is filtered out." in html


def test_scripts_get_the_parts_that_change(house, ana):
    conversation = house.patient("a", URGENT).conversation_id
    answer = ana.get("/console", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert rows_of(answer.text) == [conversation]


def test_presence_shows_to_others_and_ends(house, ana, ben):
    conversation = house.patient("a", URGENT).conversation_id
    assert ben.script(f"/console/conversations/{conversation}/presence", {"doing": "typing"}).status_code == 204
    assert "Ben Ito is writing" in ana.get("/console").text
    assert "Ben Ito is writing" in ana.get(f"/console/conversations/{conversation}").text
    assert "Ben Ito is" not in ben.get("/console").text
    house.clock.advance(hour(1 / 60))
    assert "Ben Ito is" not in ana.get("/console").text
