"""The worker: in order, once, silent where a clinician answers, and never silent because of a fault."""

import asyncio
import logging
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.conversation import worker
from bot.conversation.inbound import Press, Upload
from bot.conversation.taking import LEASE
from bot.conversation.worker import Asked, Worker
from bot.store.database import Store
from bot.store.tables import Author, CaseState, Conversation, Handling, Kind, Role, Staff, TreatmentRow
from bot.triage.support import needs_support
from bot.triage.tier import Tier
from tests.doubles.rasa import RasaDouble, said
from tests.house import EMERGENCY, ENDLESS, HARMLESS, URGENT, House, until


@asynccontextmanager
async def at_work(*workers: Worker):
    """Workers running as they do in the process."""
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answered(house: House) -> bool:
    return all(message.handling is not Handling.RECEIVED for message in house.messages(author=Author.PATIENT))


async def test_a_message_is_answered_and_marked(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    assert house.replies() == [f"heard: {HARMLESS}"]
    assert house.message(received.message_id).handling is Handling.HANDLED
    assert house.message(received.message_id).topics == ["greet"]
    assert rasa.heard[0]["sender"] == received.conversation_id


@pytest.mark.parametrize("part", ["_take", "_commit"])
async def test_who_is_stopped_while_it_writes_leaves_no_lease_behind(
    house: House, monkeypatch: pytest.MonkeyPatch, part: str
):
    stopping, begun, may_go_on = house.services.worker, threading.Event(), threading.Event()
    work = getattr(stopping, part)

    def held_up(*args):
        begun.set()
        may_go_on.wait(ENDLESS)
        return work(*args)

    monkeypatch.setattr(stopping, part, held_up)
    thread = house.receive(HARMLESS).conversation_id
    house.receive("and then?")
    async with at_work(stopping) as [task]:
        await until(begun.is_set)
        task.cancel()
        await asyncio.sleep(0.1)  # time enough to let go too early
        may_go_on.set()
    assert house.conversation(thread).claimed_until is None
    await house.another_worker().answer_waiting()
    assert house.replies() == [f"heard: {HARMLESS}", "heard: and then?"]


async def test_rasa_is_told_the_time_the_record_and_the_case(house: House, rasa: RasaDouble):
    first = house.receive(URGENT)
    ended = house.clock.now() - timedelta(days=2)
    with house.store.write() as session:
        patient = session.get_one(Conversation, first.conversation_id).patient
        patient.personal = {"wash_h": 36}
        session.add(
            TreatmentRow(
                patient_id=patient.id, ended_at=ended, certainty="recorded", told_by="clinic", created_at=ended
            )
        )
    second = house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    assert rasa.heard[0]["metadata"]["case"] is None  # the case that this message itself opened is no earlier one
    metadata = rasa.heard[1]["metadata"]
    assert metadata["now"] == house.clock.now().isoformat()
    assert metadata["day"] == 2
    assert metadata["message_id"] == second.message_id
    assert metadata["case"]["tier"] == "urgent"
    assert metadata["treatment"] == {"ended_at": ended.isoformat(), "certainty": "recorded", "depth_mm": None}
    assert metadata["personal"] == {"wash_h": 36}
    known = {"risk_factors": [], "signs": ["fever", "pus"]}
    assert metadata["known"] == known
    none_found: dict[str, list[str]] = {"signs": [], "lowered": [], "told": []}
    assert metadata["screened"] == {"tier": "none", **none_found, "day": 2, "known": known}


async def test_rasa_screens_again_what_is_not_asked_in_the_very_words_that_were_screened(
    house: House, rasa: RasaDouble
):
    house.receive(f"/{URGENT}")
    await house.services.worker.answer_waiting()
    assert rasa.heard[0]["text"] == URGENT
    assert rasa.heard[0]["metadata"]["screened"] is None


async def test_messages_of_a_conversation_are_answered_in_order(house: House, rasa: RasaDouble):
    texts = [f"message {number}" for number in range(6)]
    for text in texts:
        house.receive(text)
    await house.services.worker.answer_waiting()
    assert rasa.texts == texts
    assert house.replies() == [f"heard: {text}" for text in texts]


async def test_two_workers_answer_each_message_once_and_in_order(house: House, rasa: RasaDouble):
    rasa.mode, rasa.pause = "slow", 0.01
    second_store = Store(house.store.url, house.store.keys)
    other = house.another_worker(second_store)
    async with at_work(house.services.worker, other):
        for number in range(4):
            for key in ("ana", "ben", "cat"):
                await asyncio.to_thread(house.receive, f"{key} {number}", key)
        await until(lambda: answered(house))
    second_store.close()
    assert sorted(rasa.texts) == sorted(f"{key} {number}" for key in ("ana", "ben", "cat") for number in range(4))
    for thread in {message.conversation_id for message in house.messages()}:
        said_there = house.replies(thread)
        assert said_there == sorted(said_there)
        assert len(said_there) == 4


async def test_a_worker_that_was_late_writes_nothing(house: House, rasa: RasaDouble):
    """Its lease ran out while Rasa was thinking and another has answered: the patient reads one answer."""
    received = house.receive(HARMLESS)
    rasa.mode = "slow"
    late = asyncio.create_task(house.services.worker.answer_waiting())
    await until(lambda: rasa.heard)
    house.clock.advance(LEASE + timedelta(seconds=1))
    await asyncio.gather(late, house.another_worker().answer_waiting())
    assert len(rasa.heard) == 2
    assert house.replies() == [f"heard: {HARMLESS}"]
    assert house.conversation(received.conversation_id).claimed_by is None


async def test_a_conversation_claimed_by_another_is_left_alone_until_its_lease_ends(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    with house.store.write() as session:
        row = session.get_one(Conversation, received.conversation_id)
        row.claimed_by, row.claimed_until = "a worker that died", house.clock.now() + LEASE
    await house.services.worker.answer_waiting()
    assert rasa.heard == []
    house.clock.advance(LEASE + timedelta(seconds=1))
    await house.services.worker.answer_waiting()
    assert len(house.replies()) == 1


async def test_a_long_queue_keeps_its_lease(house: House, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch):
    for number in range(3):
        received = house.receive(f"message {number}")
    until_when: list[datetime] = []
    turn = house.services.brain.turn

    async def half_a_minute(*asked):
        until_when.append(house.conversation(received.conversation_id).claimed_until - house.clock.now())
        house.clock.advance(LEASE / 2)
        return await turn(*asked)

    monkeypatch.setattr(house.services.brain, "turn", half_a_minute)
    await house.services.worker.answer_waiting()
    assert until_when == [LEASE] * 3


async def test_the_next_turn_goes_on_from_the_slots_of_the_last_that_was_answered(house: House, rasa: RasaDouble):
    rasa.answers[HARMLESS] = said("From tomorrow.", slots={"last_topic": "washing_hair"})
    for text, mode in ((HARMLESS, "answers"), ("and how long", "500"), ("hello?", "answers")):
        rasa.modes[text] = mode
        house.receive(text)
        await house.services.worker.answer_waiting()
    assert [heard["slots"] for heard in rasa.heard] == [{}, *[{"last_topic": "washing_hair"}] * 2]


async def test_a_clinician_who_takes_over_while_rasa_thinks_is_not_talked_over(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    rasa.mode = "slow"
    answering = asyncio.create_task(house.services.worker.answer_waiting())
    await until(lambda: rasa.heard)
    with house.store.write() as session:
        # As it stands the moment a take-over in another process commits, before its sweep is seen here.
        session.execute(update(Conversation).values(owner="clinician", owner_staff_id=house_staff(session, house)))
    await answering
    assert house.replies() == []
    assert house.message(received.message_id).handling is Handling.HELD


SIGN = {
    "id": "classifier", "tier": "emergency", "advice": "emergency", "start": 0, "end": 0, "evidence": "",
    "raised_by": [], "source": "", "layer": "classifier",
}  # fmt: skip


async def test_what_only_rasa_saw_counts_also_where_a_clinician_took_over_meanwhile(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    rasa.answers[HARMLESS] = said("Please call 999 now.", triage={"tier": "emergency", "signs": [SIGN], "lowered": []})
    rasa.mode = "slow"
    answering = asyncio.create_task(house.services.worker.answer_waiting())
    await until(lambda: rasa.heard)
    house.services.desk.take_over(house.staff(), received.conversation_id)
    await answering
    assert house.case(received.conversation_id).tier == Tier.EMERGENCY
    assert house.replies() == ["Please call 999 now."]


def house_staff(session, house: House) -> int:
    person = Staff(email="x@y.example", name="Ana", title="", role=Role.ADMIN, created_at=house.clock.now())
    session.add(person)
    session.flush()
    return person.id


async def test_a_message_swept_up_by_a_take_over_is_not_answered_by_the_bot(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    rasa.mode = "slow"
    answering = asyncio.create_task(house.services.worker.answer_waiting())
    await until(lambda: rasa.heard)
    await asyncio.to_thread(house.services.desk.take_over, house.staff(), received.conversation_id)
    await answering
    assert house.replies() == []
    assert house.message(received.message_id).handling is Handling.HELD


async def test_what_waits_for_a_clinician_is_not_sent_to_rasa(house: House, rasa: RasaDouble):
    first = house.receive(HARMLESS)
    house.services.desk.take_over(house.staff(), first.conversation_id)
    house.receive("hello?")
    await house.services.worker.answer_waiting()
    assert rasa.heard == []


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("/restart", "restart"), ("//greet", "greet"), ("/ /deny", "deny"), ("///", "?"), ("a /slash", "a /slash")],
)
async def test_a_typed_slash_never_reaches_rasa_as_an_intent(house: House, rasa: RasaDouble, typed: str, asked: str):
    house.receive(typed)
    await house.services.worker.answer_waiting()
    assert rasa.texts == [asked]


async def test_a_pressed_button_reaches_rasa_as_its_payload(house: House, rasa: RasaDouble):
    house.receive(HARMLESS)
    rasa.answers[HARMLESS] = said("Is it spreading?", buttons=[{"title": "Yes", "payload": "/affirm"}])
    await house.services.worker.answer_waiting()
    carrier = house.messages(author=Author.BOT)[0]
    assert carrier.buttons == [{"title": "Yes", "payload": "/affirm"}]
    house.receive("", press=Press(carrier.id, 0))
    await house.services.worker.answer_waiting()
    assert rasa.texts == [HARMLESS, "/affirm"]


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.VOICE, Kind.DOCUMENT, Kind.OTHER])
async def test_a_file_is_answered_and_handed_to_staff(house: House, rasa: RasaDouble, kind: Kind):
    received = house.receive("", kind=kind, uploads=(Upload("x", "image/png", 5),))
    await house.services.worker.answer_waiting()
    assert rasa.heard == []
    assert len(house.replies()) == 1
    case = house.case(received.conversation_id)
    assert (case.reason, case.tier) == ("attachment", Tier.ROUTINE)


async def test_a_photo_without_words_asks_the_symptom_check(house: House):
    received = house.receive("", kind=Kind.PHOTO, uploads=(Upload("x", "image/png", 5),))
    await house.services.worker.answer_waiting()
    (reply,) = house.messages(author=Author.BOT)
    assert [button["payload"] for button in reply.buttons] == [
        button["payload"] for button in house.services.wording.buttons("utter_button_check")
    ]
    assert "Trouble breathing" in reply.text
    with house.store.read() as session:
        assert session.get_one(Conversation, received.conversation_id).check_step == "asked"


async def test_a_caption_is_answered_and_the_photo_handed_to_staff(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS, kind=Kind.PHOTO)
    await house.services.worker.answer_waiting()
    assert rasa.texts == [HARMLESS]
    assert house.replies()[0] == f"heard: {HARMLESS}"
    assert len(house.replies()) == 2
    assert house.case(received.conversation_id).reason == "attachment"


async def test_an_empty_message_gets_a_friendly_word_and_no_case(house: House, rasa: RasaDouble):
    house.receive("\x00 ")
    await house.services.worker.answer_waiting()
    assert len(house.replies()) == 1
    assert (rasa.heard, house.cases()) == ([], [])


async def test_what_the_patient_told_is_remembered(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    ended = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
    rasa.answers[HARMLESS] = said(
        "Noted.",
        effects=(
            {"effect": "treatment", "ended_at": ended.isoformat(), "certainty": "said"},
            {"effect": "personal", "key": "minox_after_h", "value": 48},
            {"effect": "case", "tier": "routine", "reason": "asked_for_person", "signs": []},
            {"effect": "topic", "topics": ["washing_hair"]},
        ),
        topics=["washing_hair", "minoxidil_timing"],
    )
    await house.services.worker.answer_waiting()
    assert house.replies() == ["Noted."]
    case = house.case(received.conversation_id)
    assert (case.tier, case.reason) == (Tier.ROUTINE, "asked_for_person")
    with house.store.read() as session:
        row = session.query(TreatmentRow).one()
        assert (row.ended_at, row.certainty, row.told_by) == (ended, "said", "patient")
        assert session.get_one(Conversation, received.conversation_id).patient.personal == {"minox_after_h": 48}
    assert house.message(received.message_id).topics == ["washing_hair", "minoxidil_timing"]


async def test_the_classifier_s_verdict_raises_and_the_catalogue_s_stays(house: House, rasa: RasaDouble):
    received = house.receive(URGENT)
    known, *_ = house.message(received.message_id).verdict["signs"]
    sign = {**known, "id": "classifier_emergency", "tier": "emergency", "layer": "classifier", "source": "classifier"}
    rasa.answers[URGENT] = said("Call now.", triage={"tier": "emergency", "signs": [known, sign], "lowered": []})
    await house.services.worker.answer_waiting()
    case = house.case(received.conversation_id)
    assert case.tier == Tier.EMERGENCY
    assert {known["id"], "classifier_emergency"} <= {one["id"] for one in case.signs}
    message = house.message(received.message_id)
    assert (message.tier, message.verdict["tier"]) == (Tier.EMERGENCY, "emergency")


async def test_a_milder_reading_of_the_gate_is_kept_with_the_message_and_lowers_no_case(house: House, rasa: RasaDouble):
    """The gate hears both layers and may ask about a word that stands alone; staff still see what the screen saw."""
    received = house.receive(URGENT)
    rasa.answers[URGENT] = said("Is it spreading?", triage={"tier": "none", "signs": [], "lowered": []})
    await house.services.worker.answer_waiting()
    assert house.message(received.message_id).verdict["tier"] == "none"
    assert house.case(received.conversation_id).tier == Tier.URGENT


async def test_an_effect_of_the_same_signs_does_not_double_them(house: House, rasa: RasaDouble):
    received = house.receive(URGENT)
    verdict = house.message(received.message_id).verdict
    effect = {"effect": "case", "tier": "urgent", "reason": "red_flag", "signs": verdict["signs"]}
    rasa.answers[URGENT] = said("Call us.", effects=(effect,), triage=verdict)
    await house.services.worker.answer_waiting()
    assert len(house.case(received.conversation_id).signs) == len(verdict["signs"])


async def test_the_patient_sees_typing_while_rasa_thinks(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    shown: list[bool] = []
    house.services.typing.watch(received.conversation_id, lambda _thread, _author, on: shown.append(on))
    rasa.mode = "500"
    await house.services.worker.answer_waiting()
    assert shown == [True, False]


async def test_a_fault_in_one_conversation_does_not_stop_the_others(
    house: House, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    bad = house.receive("bad", "ana")
    answer = house.services.worker._answer

    async def faulty(asked: Asked) -> Asked | None:
        if asked.message.id == bad.message_id:
            raise RuntimeError("a fault of ours")
        return await answer(asked)

    monkeypatch.setattr(house.services.worker, "_answer", faulty)
    monkeypatch.setattr(worker, "MAX_FAULTS", 1000)  # of a slow machine the patient is not told meanwhile
    async with at_work(house.services.worker) as [task]:
        for number in range(3):
            await asyncio.to_thread(house.receive, f"good {number}", "ben")
        await until(lambda: len(house.replies()) == 3 and "a fault of ours" in caplog.text)
        assert not task.done()
    assert house.message(bad.message_id).handling is Handling.RECEIVED


async def test_a_database_that_hiccups_does_not_end_the_worker(
    house: House, rasa: RasaDouble, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    looked, waiting = [], house.services.worker._waiting

    def hiccup() -> list[str]:
        looked.append(1)
        if len(looked) <= 2:
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))
        return waiting()

    monkeypatch.setattr(house.services.worker, "_waiting", hiccup)
    with caplog.at_level(logging.ERROR):
        async with at_work(house.services.worker) as [task]:
            await until(lambda: len(looked) == 1)
            house.receive(HARMLESS)  # rings the bell: the second hiccup
            await until(lambda: len(looked) == 2)
            house.services.bell.ring()
            await until(lambda: house.replies())
            assert not task.done()
    assert "disk I/O error" in caplog.text


async def test_a_stopped_worker_leaves_the_message_to_the_next(house: House, rasa: RasaDouble):
    received = house.receive(HARMLESS)
    rasa.mode = "slow"
    async with at_work(house.services.worker):
        await until(lambda: rasa.heard)
    assert house.message(received.message_id).handling is Handling.RECEIVED
    rasa.mode = "answers"
    house.clock.advance(LEASE + timedelta(seconds=1))
    await house.another_worker().answer_waiting()
    assert house.replies() == [f"heard: {HARMLESS}"]


@pytest.mark.parametrize("mode", ["hangs", "drips", "500", "empty", "malformed"])
@pytest.mark.parametrize(
    ("text", "tier"), [(HARMLESS, Tier.ROUTINE), (URGENT, Tier.URGENT), (EMERGENCY, Tier.EMERGENCY)]
)
async def test_without_rasa_the_patient_is_told_honestly_and_staff_have_a_case(
    house: House, rasa: RasaDouble, mode: str, text: str, tier: Tier
):
    rasa.mode = mode
    await fails(house, text, tier)
    assert len(rasa.heard) == 1


@pytest.mark.parametrize(("text", "tier"), [(HARMLESS, Tier.ROUTINE), (EMERGENCY, Tier.EMERGENCY)])
async def test_a_rasa_that_is_not_there_is_told_as_well(shared, tmp_path, text: str, tier: Tier):
    house = House.build(shared, tmp_path)
    await fails(house, text, tier)
    await house.close()


async def fails(house: House, text: str, tier: Tier) -> None:
    received = house.receive(text)
    async with asyncio.timeout(ENDLESS):
        await house.services.worker.answer_waiting()
    contacts = house.shared.clinic.contacts
    *advice, last = house.replies()
    assert contacts.phone in last or contacts.out_of_hours_phone in last
    assert bool(advice) is (tier > Tier.ROUTINE)
    if tier is Tier.EMERGENCY:
        assert contacts.emergency_number in advice[0]
    case = house.case(received.conversation_id)
    assert (case.tier, case.state) == (tier, CaseState.OPEN)
    assert case.reason == ("no_answer" if tier is Tier.ROUTINE else "red_flag")
    message = house.message(received.message_id)
    assert message.handling is Handling.UNANSWERED
    assert message.tier == (tier if tier > Tier.ROUTINE else Tier.NONE)


async def test_a_word_that_stands_alone_waits_for_the_classifier_and_counts_in_full_without_it(
    house: House, rasa: RasaDouble
):
    alone = "i went blind"
    assert needs_support(house.shared.screen(alone), alone)
    received = house.receive(alone)
    assert received.tier is Tier.EMERGENCY
    assert house.cases() == []
    rasa.mode = "500"
    await house.services.worker.answer_waiting()
    case = house.case(received.conversation_id)
    assert (case.tier, case.reason) == (Tier.EMERGENCY, "red_flag")
    assert house.shared.clinic.contacts.emergency_number in house.replies()[0]


async def test_after_a_failure_the_next_message_is_answered_again(house: House, rasa: RasaDouble):
    rasa.modes["first"] = "500"
    house.receive("first")
    house.receive("second")
    await house.services.worker.answer_waiting()
    assert house.replies()[-1] == "heard: second"
    assert len(house.replies()) == 2


async def test_without_rasa_nothing_the_patient_wrote_stands_in_the_log(
    house: House, rasa: RasaDouble, caplog: pytest.LogCaptureFixture
):
    rasa.mode = "malformed"
    house.receive("my secret worry")
    await house.services.worker.answer_waiting()
    assert "message" in caplog.text
    assert "secret" not in caplog.text
