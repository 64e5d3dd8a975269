"""Sending again is harmless, and a broken connection misses nothing and repeats nothing."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from tests.doubles.telegram_people import Patient

from .people import Clerk, WebPatient, telegram_conversation
from .stack import Stack, until


def test_the_same_message_twice_is_one(stack: Stack, patient: WebPatient) -> None:
    client_id = secrets.token_hex(8)
    answers = [patient.posts("when can I wash my hair?", client_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    stack.handled(answers[0].json()["message_id"])
    again = patient.posts("when can I wash my hair?", client_id)
    assert again.json() == answers[0].json()
    assert len(stack.messages(patient.conversation_id, "patient")) == 1


def test_the_same_message_at_the_same_time_is_one(stack: Stack, patient: WebPatient) -> None:
    client_id = secrets.token_hex(8)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: patient.posts("may I swim?", client_id), range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["message_id"] for answer in answers}) == 1
    assert len(stack.messages(patient.conversation_id, "patient")) == 1


def test_an_id_is_one_patients_own(stack: Stack, patient: WebPatient) -> None:
    other, client_id = WebPatient(stack), secrets.token_hex(8)
    assert patient.posts("may I swim?", client_id).json() != other.posts("may I swim?", client_id).json()
    assert len(stack.messages(other.conversation_id, "patient")) == 1


def test_a_redelivered_update_is_one_message(stack: Stack, chat: Patient) -> None:
    sent = len(stack.telegram.state.confirmed)
    chat.sends("when can I wash my hair?")
    conversation_id = telegram_conversation(stack, chat.chat_id)
    until(lambda: chat.texts, "an answer")
    until(lambda: len(stack.telegram.state.confirmed) > sent, "the update is confirmed")
    stack.telegram.redeliver(stack.telegram.state.confirmed[-1][1]["update_id"])
    until(lambda: not stack.telegram.unconfirmed, "the update is confirmed again")
    chat.sends("and swim?")
    until(lambda: len(stack.messages(conversation_id, "patient")) > 1, "the next message")
    assert len(stack.messages(conversation_id, "patient")) == 2


def test_a_reader_who_comes_back_gets_what_was_missed_in_order_once(
    stack: Stack, patient: WebPatient, nurse: Clerk
) -> None:
    with patient.stream() as first:
        patient.asks("when can I wash my hair?")
        until(lambda: len(first.lasting) >= 2, "both directions arrive")
    seen = first.lasting[-1].id

    patient.asks("it oozes and i feel hot")
    nurse.does(patient.conversation_id, "take-over")
    nurse.replies(patient.conversation_id, "Hello, I am here.")
    nurse.does(patient.conversation_id, "hand-back", {"reason": "answered"})

    with patient.stream() as whole, patient.stream(seen) as rest:
        until(lambda: "Hello, I am here." in whole.texts and "Hello, I am here." in rest.texts, "the replay")
        patient.asks("can I swim?")
        count = len(stack.messages(patient.conversation_id))
        until(lambda: len(whole.texts) >= count, "what happens goes on arriving")
        until(lambda: rest.lasting and rest.lasting[-1].id == whole.lasting[-1].id, "both are at the same place")
    numbers = [event.id for event in whole.lasting]
    assert numbers == sorted(set(numbers))
    assert rest.lasting == [event for event in whole.lasting if event.id > seen]
    assert whole.texts == [row["text"] for row in stack.messages(patient.conversation_id)]
    assert {event.kind for event in rest.lasting} >= {"message", "handoff", "case"}


def test_a_burst_is_answered_in_its_order(stack: Stack, patient: WebPatient) -> None:
    sent = [patient.sends(text) for text in ("can I wash it?", "can I swim?", "can I drink wine?", "can I dye it?")]
    for message_id in sent:
        assert stack.handled(message_id)["handling"] == "handled"
    said = [row["text"].lower() for row in stack.messages(patient.conversation_id, "bot")]
    places = [next(i for i, text in enumerate(said) if word in text) for word in ("wash", "pool", "alcohol", "dye")]
    assert places == sorted(places)


def test_a_stranger_reads_nothing(stack: Stack, patient: WebPatient) -> None:
    patient.asks("when can I wash my hair?")
    other = WebPatient(stack)
    with other.stream() as stream:
        other.asks("hello")
        until(lambda: "hello" in stream.texts, "their own words")
        assert "when can I wash my hair?" not in stream.texts
