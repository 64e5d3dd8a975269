"""Silence after a symptom check goes to a clinician: in time, once, from stored state, and not after an answer."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.care.answered import pressed_verdict
from bot.conversation import silence as module
from bot.conversation.events import Bell
from bot.conversation.inbound import Press
from bot.conversation.silence import Silence
from bot.store.database import Store
from bot.store.tables import Author, CaseState, Conversation, Delivery, Message, Owner
from bot.triage.tier import Tier
from tests.doubles.rasa import RasaDouble, said
from tests.house import URGENT, House, until

DOUBT = "bit tender today"
QUESTION = "Any of these right now?"
WAIT = timedelta(minutes=30)
NONE = {"tier": "none", "signs": [], "lowered": []}


@pytest.fixture(autouse=True)
def checks(rasa: RasaDouble) -> None:
    """A Rasa that asks, hears yes, hears no, and is ignored."""
    for text, step in ((DOUBT, "asked"), ("yes", "yes"), ("no", "denied"), ("and dye?", "reminded"), ("so?", None)):
        effects = ({"effect": "check", "step": step},)
        rasa.answers[text] = said(QUESTION, effects=effects, triage=NONE)


async def asked(house: House, key: str = "ana", channel: str = "web") -> str:
    """A conversation in which the check was just asked. Out: its id."""
    received = house.receive(DOUBT, key, channel)
    await house.services.worker.answer_waiting()
    return received.conversation_id


def due(house: House, conversation_id: str) -> datetime | None:
    return house.conversation(conversation_id).check_due_at


async def test_after_the_wait_a_routine_case_is_opened_and_the_patient_told(house: House):
    conversation_id = await asked(house)
    assert due(house, conversation_id) == house.clock.now() + WAIT
    house.clock.advance(WAIT - timedelta(seconds=1))
    assert house.services.silence.speak_up() == 0
    assert house.cases() == []
    house.clock.advance(timedelta(seconds=1))
    assert house.services.silence.speak_up() == 1
    [case] = house.cases()
    assert (case.tier, case.reason, case.state) == (Tier.ROUTINE, "check_unanswered", CaseState.OPEN)
    told = house.replies(conversation_id)[-1]
    contacts = house.shared.clinic.contacts
    assert "clinician" in told
    assert contacts.phone in told
    assert contacts.emergency_number in told
    assert house.conversation(conversation_id).check_step == "lapsed"
    house.clock.advance(WAIT * 10)
    assert house.services.silence.speak_up() == 0
    assert len(house.replies(conversation_id)) == 2


async def test_the_wait_is_the_clinics(house: House):
    patience = house.shared.clinic.symptom_check.model_copy(update={"wait_minutes": 5})
    house.services.worker._clinic = house.shared.clinic.model_copy(update={"symptom_check": patience})
    conversation_id = await asked(house)
    assert due(house, conversation_id) == house.clock.now() + timedelta(minutes=5)


async def test_a_check_survives_a_restart(house: House):
    await asked(house)
    house.clock.advance(WAIT)
    store = Store(house.store.url, house.store.keys)
    again = Silence(store, house.shared.clinic, house.shared.wording, house.clock, Bell())
    assert again.speak_up() == 1
    store.close()
    assert [case.reason for case in house.cases()] == ["check_unanswered"]


async def test_of_two_bots_one_speaks_up(house: House, monkeypatch: pytest.MonkeyPatch):
    conversation_id = await asked(house)
    house.clock.advance(WAIT)
    store = Store(house.store.url, house.store.keys)
    other = Silence(store, house.shared.clinic, house.shared.wording, house.clock, Bell())
    seen = other._due()  # both have looked before either claims
    monkeypatch.setattr(Silence, "_due", lambda _self: seen)
    assert house.services.silence.speak_up() + other.speak_up() == 1
    store.close()
    assert len(house.replies(conversation_id)) == 2


async def test_a_message_puts_the_silence_off_before_it_is_answered_and_an_answer_ends_it(house: House):
    conversation_id = await asked(house)
    house.clock.advance(WAIT - timedelta(minutes=1))
    house.receive("no")
    assert due(house, conversation_id) == house.clock.now() + WAIT
    await house.services.worker.answer_waiting()
    row = house.conversation(conversation_id)
    assert (row.check_due_at, row.check_step, row.check_at) == (None, "denied", house.clock.now())


async def test_without_rasa_the_check_stays_open(house: House, rasa: RasaDouble):
    conversation_id = await asked(house)
    house.clock.advance(timedelta(minutes=29))
    rasa.mode = "500"
    house.receive("i have it")
    await house.services.worker.answer_waiting()
    assert due(house, conversation_id) == house.clock.now() + WAIT
    house.clock.advance(WAIT)
    house.services.silence.speak_up()
    [case] = house.cases()
    assert case.reason == "no_answer"
    assert [sign["id"] for sign in case.signs] == ["check_unanswered"]


async def test_silence_after_a_yes_is_urgent(house: House):
    conversation_id = await asked(house)
    house.receive("yes")
    await house.services.worker.answer_waiting()
    house.clock.advance(WAIT)
    house.services.silence.speak_up()
    [case] = house.cases()
    assert (case.tier, case.reason) == (Tier.URGENT, "check_unanswered")
    assert "today" in house.replies(conversation_id)[-1]


async def test_a_check_that_is_over_is_not_waited_for(house: House):
    conversation_id = await asked(house)
    house.receive("so?")
    await house.services.worker.answer_waiting()
    row = house.conversation(conversation_id)
    assert (row.check_due_at, row.check_step) == (None, None)


async def test_a_flagged_message_ends_the_wait(house: House, rasa: RasaDouble):
    conversation_id = await asked(house)
    received = house.receive(URGENT)
    rasa.answers[URGENT] = said("Call.", triage=house.message(received.message_id).verdict)
    await house.services.worker.answer_waiting()
    assert due(house, conversation_id) is None


@pytest.mark.parametrize("mode", ["answers", "500"])
async def test_a_sign_that_is_pressed_has_its_case_at_once_and_its_advice_without_rasa(
    house: House, rasa: RasaDouble, mode: str
):
    title, payload = "Breathless or swollen face", '/report_emergency{"sign": "breathing"}'
    effect = {"effect": "case", "tier": "emergency", "reason": "red_flag", "signs": []}
    rasa.answers[DOUBT]["replies"][0]["buttons"] = [{"title": title, "payload": payload}]
    conversation_id = await asked(house)
    rasa.mode = mode
    effect["signs"] = [sign.as_dict() for sign in pressed_verdict(payload).signs]
    rasa.answers[payload] = said("Call 999 now.", effects=(effect,), triage=None)
    carrier = house.messages(conversation_id, Author.BOT)[-1]
    received = house.receive(press=Press(carrier.id, 0))
    [case] = house.cases()
    assert (case.tier, case.reason) == (Tier.EMERGENCY, "red_flag")
    await house.services.worker.answer_waiting()
    [case] = house.cases()
    assert [sign["id"] for sign in case.signs] == ["answered_breathing"]
    assert house.replies(conversation_id)[1].startswith("Call 999 now")
    assert house.message(received.message_id).tier == Tier.EMERGENCY
    assert due(house, conversation_id) is None


async def test_a_clinician_who_takes_over_ends_the_check(house: House):
    conversation_id = await asked(house)
    house.services.desk.take_over(house.staff(), conversation_id)
    assert due(house, conversation_id) is None
    house.clock.advance(WAIT)
    assert house.services.silence.speak_up() == 0


async def test_a_check_that_a_clinician_forestalled_is_not_waited_for(house: House, rasa: RasaDouble):
    rasa.mode = "slow"
    received, staff = house.receive(DOUBT), house.staff()
    answering = asyncio.create_task(house.services.worker.answer_waiting())
    await until(lambda: rasa.heard)
    with house.store.write() as session:
        # As a take-over in another process stands before its sweep is seen here.
        session.execute(update(Conversation).values(owner=Owner.CLINICIAN, owner_staff_id=staff.id))
    await answering
    assert due(house, received.conversation_id) is None


async def test_the_dialogue_is_told_how_far_the_check_has_come(house: House, rasa: RasaDouble):
    await asked(house)
    at = house.clock.now()
    house.clock.advance(timedelta(minutes=1))
    house.receive("no")
    await house.services.worker.answer_waiting()
    house.receive("thanks")
    await house.services.worker.answer_waiting()
    checks = [body["metadata"]["check"] for body in rasa.heard]
    assert checks == [
        None,
        {"step": "asked", "at": at.isoformat()},
        {"step": "denied", "at": (at + timedelta(minutes=1)).isoformat()},
    ]


async def test_what_was_written_before_the_check_was_read_is_told_so(house: House, rasa: RasaDouble):
    house.receive(DOUBT)
    second = house.receive("and dye?")
    with house.store.write() as session:
        session.get_one(Message, second.message_id).created_at = house.clock.now() - timedelta(seconds=1)
    await house.services.worker.answer_waiting()
    assert rasa.heard[1]["metadata"]["check"]["step"] == "unseen"


async def test_telegram_patients_are_told_through_the_outbox(house: House):
    conversation_id = await asked(house, channel="telegram")
    house.clock.advance(WAIT)
    house.services.silence.speak_up()
    assert house.messages(conversation_id, Author.BOT)[-1].delivery is Delivery.PENDING


async def test_it_watches_in_the_background_and_a_hiccup_does_not_end_it(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    look, failed = Silence._due, []

    def hiccup(self: Silence):
        if not failed:
            failed.append(True)
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))
        return look(self)

    monkeypatch.setattr(Silence, "_due", hiccup)
    conversation_id = await asked(house)
    house.clock.advance(WAIT)
    with caplog.at_level(logging.INFO):
        watching = asyncio.create_task(house.services.silence.run())
        await until(lambda: house.cases() and conversation_id in caplog.text)  # it is logged after the commit
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert "disk I/O error" in caplog.text
    assert conversation_id in caplog.text
    assert DOUBT not in caplog.text
