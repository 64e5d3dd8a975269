"""What patients send: stored once and in order before it is confirmed, answered, and never dropped."""

import asyncio
import logging

from sqlalchemy.exc import OperationalError

from bot.store.tables import Author, Delivery, Handling, Kind
from tests.telegram.samples import JPEG


async def test_a_message_is_answered_and_confirmed(house, double):
    ana = double.patient(1)
    ana.sends("may I swim?")
    await double.until(lambda: ana.texts == ["heard: may I swim?"])
    await double.until(lambda: not double.unconfirmed)
    [stored] = house.from_patient()
    assert (stored.external_id, stored.kind) == ("1:1", Kind.TEXT)


async def test_order_is_kept_in_each_chat(house, double):
    patients = [double.patient(number) for number in range(1, 6)]
    for word in ("one", "two", "three", "four"):
        for patient in patients:
            patient.sends(word)
    wanted = [f"heard: {word}" for word in ("one", "two", "three", "four")]
    await double.until(lambda: all(patient.texts == wanted for patient in patients), 10)


async def test_a_redelivered_update_has_no_second_effect(house, double):
    ana = double.patient(1)
    ana.sends("hello")
    ana.sends("/help")
    await double.until(lambda: len(ana.texts) == 2 and not double.unconfirmed)
    double.redeliver()
    await double.until(lambda: not double.unconfirmed)
    ana.sends("again")
    await double.until(lambda: ana.texts[-1] == "heard: again")
    assert len(ana.texts) == 3
    assert len(house.from_patient()) == 3


async def test_an_update_stays_unconfirmed_while_the_database_fails_and_other_chats_go_on(house, double, monkeypatch):
    receive, broken = house.services.reception.receive, True

    def failing(inbound):
        if broken and inbound.patient_key == "1":
            raise OperationalError("INSERT", {"text": "my secret"}, Exception("disk"))
        return receive(inbound)

    monkeypatch.setattr(house.services.reception, "receive", failing)
    ana, ben = double.patient(1), double.patient(2)
    ana.sends("first")
    ana.sends("second")
    ben.sends("hello")
    await double.until(lambda: ben.texts == ["heard: hello"])
    ben.sends("still there?")
    await double.until(lambda: len(ben.texts) == 2)
    assert len(double.unconfirmed) >= 2
    assert not ana.texts
    broken = False
    await double.until(lambda: ana.texts == ["heard: first", "heard: second"])
    await double.until(lambda: not double.unconfirmed)


async def test_an_update_of_a_killed_process_is_seen_to_by_the_next(services, run, double, monkeypatch):
    ana = double.patient(1)

    def failing(inbound):
        raise OperationalError("INSERT", {}, Exception("disk"))

    with monkeypatch.context() as patch:
        patch.setattr(services.reception, "receive", failing)
        async with run(services):
            ana.sends("do not lose me")
            await asyncio.sleep(0.3)
    assert double.unconfirmed
    async with run(services):
        await double.until(lambda: ana.texts == ["heard: do not lose me"])


async def test_an_update_that_only_breaks_us_is_given_up_loudly(house, double, monkeypatch, caplog):
    receive = house.services.reception.receive

    def failing(inbound):
        if inbound.text == "poison":
            raise ValueError("about: poison")
        return receive(inbound)

    monkeypatch.setattr(house.services.reception, "receive", failing)
    ana = double.patient(1)
    ana.sends("poison")
    ana.sends("hello")
    await double.until(lambda: ana.texts == ["heard: hello"])
    assert [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert "poison" not in caplog.text


async def test_polling_survives_outages_and_another_consumer(house, double, caplog):
    ana = double.patient(1)
    double.fail("getUpdates", 502, times=2)
    double.fail("getUpdates", 409, times=1)
    ana.sends("hello")
    await double.until(lambda: ana.texts == ["heard: hello"])
    ana.sends("hello again")
    await double.until(lambda: len(ana.texts) == 2)


async def test_a_start_while_telegram_is_away_or_floods(services, run, double):
    double.fail("deleteWebhook", 502, times=2)
    double.flood(1, method="setMyCommands")
    ana = double.patient(1)
    ana.sends("written before the start")
    async with run(services):
        await double.until(lambda: ana.texts == ["heard: written before the start"])
    asked = {str(call.params.get("drop_pending_updates")).lower() for call in double.calls("deleteWebhook")}
    assert asked <= {"none", "false"}


async def test_a_slash_never_reaches_rasa_as_an_intent(house, double):
    ana = double.patient(1)
    ana.sends("/restart")
    ana.sends("/help it bleeds through two towels")
    await double.until(lambda: len(ana.texts) == 2)
    assert house.brain.heard == ["restart", "help it bleeds through two towels"]


async def test_an_edit_is_screened_as_a_message_of_its_own_and_the_original_stays(house, double):
    ana = double.patient(1)
    message = ana.sends("a little blood")
    await double.until(lambda: len(ana.texts) == 1)
    ana.edits(message, "a lot of blood")
    await double.until(lambda: ana.texts[-1] == "heard: a lot of blood")
    first, second = house.from_patient()
    assert (first.text, second.text) == ("a little blood", "a lot of blood")
    assert second.external_id.startswith(f"{first.external_id}:e")


async def test_stickers_and_places_are_acknowledged_and_reach_staff(house, double):
    ana = double.patient(1)
    ana.sends_sticker()
    ana.sends_location()
    await double.until(lambda: len(ana.texts) == 2)
    assert [(message.kind, message.text) for message in house.from_patient()] == [
        (Kind.OTHER, "Sticker 👍"),
        (Kind.OTHER, "Location: 51.50000, -0.10000"),
    ]
    assert house.brain.heard == []
    assert len(house.cases()) == 1


async def test_contacts_and_dice_are_acknowledged_and_a_poll_counts_as_words(house, double):
    ana = double.patient(1)
    ana.sends_other(contact={"phone_number": "+44 20 7946 0999", "first_name": "Dr", "last_name": "Mole"})
    ana.sends_other(dice={"emoji": "🎲", "value": 4})
    await double.until(lambda: len(ana.texts) == 2)
    options = [{"text": text, "voter_count": 0, "persistent_id": text} for text in ("yes", "no")]
    poll = {"id": "1", "question": "is it infected?", "options": options, "total_voter_count": 0, "is_closed": False}
    kind = {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False}
    ana.sends_other(poll={**poll, **kind, "members_only": False})
    await double.until(lambda: ana.texts[2:] == ["heard: is it infected?\n- yes\n- no"])
    assert [(message.kind, message.text) for message in house.from_patient()][:2] == [
        (Kind.OTHER, "Contact: Dr Mole, +44 20 7946 0999"),
        (Kind.OTHER, "Dice 🎲 4"),
    ]


async def test_a_video_note_is_kept_and_reaches_staff(house, double):
    ana = double.patient(1)
    film = {**double.state.add_file(b"\0\0\0\x18ftypisom film"), "length": 240, "duration": 3}
    ana.sends_other(video_note=film)
    await double.until(lambda: ana.texts)
    assert [row.content_type for row in house.attachments()] == ["video/mp4"]
    assert len(house.cases()) == 1


async def test_unknown_kinds_of_updates_are_confirmed_and_ignored(house, double):
    double.state.allowed = None
    double.sends_update(poll_answer={"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["a"]})
    double.sends_update(telepathy={"thought": "hm"})
    double.sends_update(message={"this": "cannot be read"})
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts == ["heard: hello"])
    await double.until(lambda: not double.unconfirmed)


async def test_groups_are_asked_once_a_day_to_write_in_private(house, double):
    group = double.group()
    group.sends("@fern my scalp bleeds")
    group.sends("anyone?")
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts and group.texts)
    await double.until(lambda: not double.unconfirmed)
    [line] = group.texts
    assert "private" in line
    assert [message.text for message in house.from_patient()] == ["hello"]


async def test_typing_is_shown_only_while_the_bot_thinks(house, double):
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: len(ana.texts) == 1)
    house.brain.pause = 0.3
    ana.sends("slowly")
    await double.until(lambda: double.calls("sendChatAction"))
    await double.until(lambda: len(ana.texts) == 2)
    shown = len(double.calls("sendChatAction"))
    await asyncio.sleep(0.2)
    assert len(double.calls("sendChatAction")) == shown


async def test_neither_the_token_nor_patients_words_are_logged(services, run, double, caplog):
    caplog.set_level(logging.DEBUG)
    ana = double.patient(1)
    async with run(services):
        ana.sends("my secret itch")
        ana.sends("fail")
        ana.sends_photo(JPEG)
        double.sends_update(message={"text": "unreadable itch"})
        await double.until(lambda: len(ana.texts) >= 3 and not double.unconfirmed)
    ours = [record for record in caplog.records if record.name not in ("asyncio", "aiosqlite")]
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
    assert double.token not in logged
    assert "itch" not in logged


async def test_strange_characters_do_no_harm(house, double):
    ana = double.patient(1)
    for text in ("\ud800 broken", "nul \x00 byte", "\u202ereversed", "👩\u200d⚕️" * 500):
        ana.sends(text)
    await double.until(lambda: len(ana.texts) == 4)
    assert {message.handling for message in house.from_patient()} == {Handling.HANDLED}


async def test_a_clinicians_reply_names_them(house, double):
    ana = double.patient(1)
    ana.sends("a person please")
    await double.until(lambda: len(ana.texts) == 1)
    staff = house.add_staff(email="a@clinic", name="Ana", title="Nurse", role="clinician")
    conversation_id = house.from_patient()[0].conversation_id
    desk, last = house.services.desk, house.from_patient()[0].id
    await asyncio.to_thread(desk.take_over, staff, conversation_id)
    await asyncio.to_thread(lambda: desk.reply(staff, conversation_id, "How are you?", key="1", last_seen=last))
    await double.until(lambda: "Nurse Ana: How are you?" in ana.texts)
    await double.until(lambda: house.stored(Author.CLINICIAN)[0].delivery is Delivery.SENT)


async def test_ids_that_start_anew_after_a_quiet_week_are_not_skipped(house, double):
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts and not double.unconfirmed)
    double.state._next_update = 5
    ana.sends("still there?")
    await double.until(lambda: ana.texts[1:] == ["heard: still there?"])
    ana.sends("good")
    await double.until(lambda: ana.texts[2:] == ["heard: good"])
