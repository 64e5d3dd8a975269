"""The clinic's link in Telegram: consent, refusal, links that lead nowhere; and stopping and deleting by command."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.clock import SetClock
from bot.conversation.enrolment import SessionNote
from bot.privacy.wishes import Wishes
from bot.store.tables import Author, Case, Conversation, Delivery, Patient, Reminders, Role


def _link(house) -> str:
    services = house.services
    nurse = house.add_staff(email="n@clinic.example", name="Ana Silva", title="Nurse", role=Role.CLINICIAN)
    ended = services.clock.now() - timedelta(hours=3)
    return services.enrolling.create(nurse, SessionNote("Mia", ended, 1.0)).token


def _starts(house, key: str) -> str:
    return house.services.wording.get(key).text[:25]


async def test_the_console_learns_the_bots_own_name(house, double):
    await double.until(lambda: house.app.state.telegram.username)
    assert house.app.state.telegram.username == "fern_test_bot"


async def test_a_link_asks_and_agreeing_ties_the_chat(house, double, caplog):
    caplog.set_level(logging.DEBUG)
    token, mia = _link(house), double.patient(1)
    mia.sends(f"/start {token}")
    await double.until(lambda: mia.messages and mia.messages[-1].buttons)
    asked = mia.messages[-1]
    assert asked.buttons == ("I agree", "No thanks")
    for needed in (
        "automated assistant",
        "Telegram's cloud",
        "/delete",
        house.services.clinic.contacts.emergency_number,
    ):
        assert needed in asked.text
    mia.presses(asked, "I agree")
    await double.until(lambda: "From the clinic I know" in "".join(mia.texts[1:]))
    with house.services.store.read() as session:
        assert session.scalars(select(Patient)).one().record_id == 1
    assert house.brain.heard == []
    assert [message.text for message in house.from_patient()] == ["/start", "I agree"]
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert not any(token in line or "Mia" in line for line in ours)


async def test_start_alone_knows_whose_session_is_known(house, double):
    token, mia = _link(house), double.patient(1)
    mia.sends(f"/start {token}")
    await double.until(lambda: mia.messages and mia.messages[-1].buttons)
    mia.sends("I agree")
    await double.until(lambda: "From the clinic I know" in "".join(mia.texts))
    mia.sends("/start")
    await double.until(lambda: "I count from your session" in mia.texts[-1])


async def test_refusing_leaves_a_chat_that_answers(house, double):
    token, mia = _link(house), double.patient(1)
    mia.sends(f"/start {token}")
    await double.until(lambda: mia.messages and mia.messages[-1].buttons)
    mia.presses(mia.messages[-1], "No thanks")
    await double.until(lambda: len(mia.texts) == 2)
    assert mia.texts[1].startswith(_starts(house, "utter_consent_declined"))
    mia.sends("hello")
    await double.until(lambda: house.brain.heard == ["hello"])


async def test_links_that_lead_nowhere_are_explained(house, double):
    token, mia, eve = _link(house), double.patient(1), double.patient(2)
    mia.sends(f"/start {token}")
    await double.until(lambda: mia.messages and mia.messages[-1].buttons)
    mia.sends("I agree")
    await double.until(lambda: "From the clinic I know" in "".join(mia.texts))
    for argument in (token, f"{token[:-1]}-", "Zm9vYmFyYmF6cXV4cXV1eA"):
        eve.sends(f"/start {argument}")
    await double.until(lambda: len(eve.texts) == 3)
    assert [text[:25] for text in eve.texts] == [
        _starts(house, "utter_link_used"),
        *[_starts(house, "utter_link_foreign")] * 2,
    ]
    mia.sends(f"/start {token}")
    await double.until(lambda: mia.texts[-1].startswith(_starts(house, "utter_link_here")))


async def test_delete_asks_first_and_keeps_until_then(house, double):
    mia = double.patient(1)
    mia.sends("/delete")
    await double.until(lambda: mia.messages and mia.messages[-1].buttons)
    asked = mia.messages[-1]
    assert "the staff decide" in asked.text
    assert not _cases(house)
    mia.presses(asked, "No, keep it")
    await double.until(lambda: len(mia.texts) == 2)
    assert not _cases(house)
    mia.sends("/delete")
    await double.until(lambda: len(mia.texts) == 3)
    mia.presses(mia.messages[-1], "Yes, delete it")
    await double.until(lambda: len(mia.texts) == 4)
    assert "In ten minutes this chat is gone for good" in mia.texts[3]
    assert not _cases(house)
    await double.until(lambda: all(told.delivery is Delivery.SENT for told in house.stored(Author.BOT)))
    assert await asyncio.to_thread(_later(house).fulfil) == 1
    assert house.from_patient() == []
    assert house.stored(Author.BOT) == []
    mia.sends("hello again")
    await double.until(lambda: mia.texts[-1] == "heard: hello again")


async def test_delete_passes_on_what_staff_have_acted_on(house, double):
    mia = double.patient(1)
    mia.sends_voice()
    await double.until(lambda: _cases(house))
    mia.sends("/delete")
    await double.until(lambda: mia.messages and mia.messages[-1].buttons)
    mia.presses(mia.messages[-1], "Yes, delete it")
    await double.until(lambda: "Nothing is deleted yet" in mia.texts[-1])
    await asyncio.to_thread(_later(house).fulfil)
    assert house.from_patient()
    assert house.brain.heard == []


def _later(house) -> Wishes:
    """What deletes, an hour on."""
    clock = SetClock(house.services.clock.now() + timedelta(hours=1))
    return Wishes(replace(house.services, clock=clock))


async def test_stop_ends_what_was_not_asked_for_without_troubling_the_staff(house, double):
    mia = double.patient(1)
    mia.sends("/stop")
    await double.until(lambda: mia.texts)
    with house.services.store.read() as session:
        assert session.scalars(select(Conversation)).one().reminders is Reminders.OFF
    assert not _cases(house)


def _cases(house) -> list[Case]:
    with house.services.store.read() as session:
        return list(session.scalars(select(Case)))
