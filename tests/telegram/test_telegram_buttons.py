"""Buttons: every press is answered, resolves to its own conversation only, and the keyboard goes away."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.telegram import phrases
from bot.channels.telegram.buttons import keyboard, press_of
from bot.channels.telegram.limits import MAX_BUTTON_TITLE, MAX_CALLBACK_DATA
from bot.conversation.inbound import Press
from bot.store.tables import Author, Kind


async def _asked(house, double, chat_id=1):
    patient = double.patient(chat_id)
    patient.sends("ask me")
    await double.until(lambda: patient.messages and patient.messages[-1].buttons)
    return patient, patient.messages[-1]


async def test_a_press_is_answered_taken_and_its_keyboard_removed(house, double):
    ana, question = await _asked(house, double)
    assert question.buttons == ("Yes", "No")
    press = ana.presses(question, "No")
    await double.until(lambda: ana.answer_to(press) is not None)
    await double.until(lambda: house.brain.heard[-1] == "/deny")
    await double.until(lambda: not ana.messages[0].buttons)
    message = house.from_patient()[-1]
    assert (message.kind, message.text, message.external_id) == (Kind.BUTTON, "No", f"1:cb:{press}")


async def test_a_double_tap_is_one_answer_but_a_correction_is_heard(house, double):
    ana, question = await _asked(house, double)
    presses = [ana.presses_data(question, question.data[1]) for _ in range(2)]
    presses.append(ana.presses_data(question, question.data[0]))
    await double.until(lambda: all(ana.answer_to(press) is not None for press in presses))
    await double.until(lambda: house.brain.heard == ["ask me", "/deny", "/affirm"])


async def test_a_redelivered_press_has_no_second_effect(house, double):
    ana, question = await _asked(house, double)
    ana.presses(question, "No")
    await double.until(lambda: len(ana.texts) == 2 and not double.unconfirmed)
    house_seen = len(house.from_patient())
    double.redeliver()
    await double.until(lambda: not double.unconfirmed)
    assert len(house.from_patient()) == house_seen


async def test_a_stale_or_forged_button_is_answered_and_explained(house, double):
    ana, question = await _asked(house, double)
    for count, data in enumerate(["b1:999999:0", "b0:1:1", "/affirm", "b1:1:77", "{}", "b1:-1:0"], 2):
        press = ana.presses_data(question, data)
        await double.until(lambda press=press: ana.answer_to(press) is not None)
        await double.until(lambda count=count: len(ana.texts) == count)
        assert ana.texts[-1] == house.services.wording.get(phrases.BUTTON_STALE).text
    assert house.brain.heard == ["ask me"]


async def test_a_stale_button_whose_words_can_be_seen_counts_as_typed(house, double):
    ana, question = await _asked(house, double)
    with double.state.lock:
        carrier = double.state.chats[1].messages[question.message_id]
        carrier["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = "b1:999999:0"
    press = ana.presses_data(question, "b1:999999:0")
    await double.until(lambda: ana.answer_to(press) is not None)
    assert ana.answer_to(press)["text"] == house.services.wording.get(phrases.BUTTON_AS_TEXT).text
    await double.until(lambda: house.brain.heard[-1] == "Yes")


async def test_another_patients_button_moves_nothing_of_theirs(house, double):
    _, theirs = await _asked(house, double, 1)
    bo, mine = await _asked(house, double, 2)
    press = bo.presses_data(mine, theirs.data[0])
    await double.until(lambda: bo.answer_to(press) is not None)
    await double.until(lambda: len(bo.texts) == 2)
    assert bo.texts[1] == house.services.wording.get(phrases.BUTTON_STALE).text
    assert len([message for message in house.stored(Author.PATIENT) if message.external_id.startswith("1:")]) == 1


async def test_a_press_is_answered_once_the_database_is_back(house, double, monkeypatch):
    ana, question = await _asked(house, double)
    receive, broken = house.services.reception.receive, [True, True]

    def failing(inbound):
        if broken:
            broken.pop()
            raise OperationalError("INSERT", {}, Exception("disk"))
        return receive(inbound)

    monkeypatch.setattr(house.services.reception, "receive", failing)
    press = ana.presses(question, "Yes")
    await double.until(lambda: ana.answer_to(press) is not None)
    await double.until(lambda: house.brain.heard[-1] == "/affirm")


async def test_a_press_telegram_will_not_have_answered_is_taken_all_the_same(house, double):
    ana, question = await _asked(house, double)
    double.fail("answerCallbackQuery", 400)
    double.fail("editMessageReplyMarkup", 400)
    ana.presses(question, "Yes")
    await double.until(lambda: house.brain.heard[-1] == "/affirm")
    await double.until(lambda: not double.unconfirmed)


async def test_a_keyboard_telegram_dislikes_does_not_keep_the_words_back(house, double):
    double.fail("sendMessage", 400)
    ana = double.patient(1)
    ana.sends("ask me")
    await double.until(lambda: ana.texts == ["Is it spreading?"])
    await asyncio.sleep(0)
    assert not ana.messages[0].buttons


def test_data_fits_telegrams_64_bytes():
    markup = keyboard(10**18 - 1, [{"title": "x" * 200, "payload": "y" * 500}] * 100)
    buttons = [row[0] for row in markup.inline_keyboard]
    assert all(len(button.callback_data.encode()) <= MAX_CALLBACK_DATA for button in buttons)
    assert all(len(button.text) <= MAX_BUTTON_TITLE for button in buttons)
    assert press_of(buttons[99].callback_data) == Press(10**18 - 1, 99)


@pytest.mark.parametrize("data", [None, "", "b1", "b1:x:1", "b2:1:1", "b1:1:1\n", "b1:1:1:1", "b1:" + "9" * 40 + ":1"])
def test_data_that_is_not_ours(data):
    assert press_of(data) is None
