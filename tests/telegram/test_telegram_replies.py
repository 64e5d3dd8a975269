"""What clinicians send: quoting the question, with photos and files."""

import pytest

from bot.channels.telegram import limits, sender
from bot.conversation.desk import DeskError
from bot.conversation.outbox import enqueue
from bot.conversation.uploads import keep
from bot.store.tables import Author, Conversation, Delivery, Role
from tests.telegram.samples import JPEG, PDF


@pytest.fixture
def nurse(house):
    return house.add_staff(email="n@clinic.example", name="Ana Silva", title="Nurse", role=Role.CLINICIAN)


def reply(house, nurse, text="", files=()):
    """What the console does when a clinician sends something."""
    with house.services.store.write() as session:
        asked = house.from_patient()[-1]
        conversation = session.get_one(Conversation, asked.conversation_id)
        now = house.services.clock.now()
        message = enqueue(session, now, conversation, Author.CLINICIAN, text, staff_id=nurse.id)
        message.attachments = [keep(house.services.files, content).row() for content in files]
    house.services.bell.ring()
    return message


async def test_a_clinicians_reply_quotes_the_newest_question(house, double, nurse):
    ana = double.patient(1)
    ana.sends("hello")
    asked = ana.sends("is this normal?")
    await double.until(lambda: len(ana.texts) == 2)
    reply(house, nurse, "It is.")
    await double.until(lambda: ana.texts[2:] == ["Nurse Ana Silva: It is."])
    assert ana.messages[2].quotes == asked["message_id"]
    assert ana.messages[0].quotes is None  # the assistant answers at once: nothing is quoted


async def test_a_reply_to_an_edited_question_quotes_it_and_to_a_deleted_one_still_arrives(house, double, nurse):
    ana = double.patient(1)
    asked = ana.sends("is this norml?")
    ana.edits(asked, "is this normal?")
    await double.until(lambda: len(ana.texts) == 2)
    reply(house, nurse, "Yes.")
    await double.until(lambda: len(ana.texts) == 3)
    assert ana.messages[2].quotes == asked["message_id"]
    del double.state.chats[1].messages[asked["message_id"]]
    reply(house, nurse, "Really.")
    await double.until(lambda: len(ana.texts) == 4)
    assert (ana.texts[3], ana.messages[3].quotes) == ("Nurse Ana Silva: Really.", None)


async def test_photos_and_files_of_a_clinician_arrive_with_their_words_below_the_last(house, double, nurse):
    ana = double.patient(1)
    asked = ana.sends("how should it look?")
    await double.until(lambda: len(ana.texts) == 1)
    message = reply(house, nurse, "Like this.", [JPEG, PDF])
    await double.until(lambda: len(ana.files) == 2)
    assert ana.files == [("photo", JPEG), ("document", PDF)]
    first, last = ana.messages[1:]
    assert (first.text, first.quotes) == ("", asked["message_id"])
    assert (last.text, last.quotes) == ("Nurse Ana Silva: Like this.", None)
    await double.until(lambda: house.stored(Author.CLINICIAN)[0].delivery is Delivery.SENT)
    assert house.stored(Author.CLINICIAN)[0].id == message.id


async def test_words_too_long_for_a_caption_follow_the_file(house, double, nurse):
    ana = double.patient(1)
    ana.sends("how should it look?")
    await double.until(lambda: len(ana.texts) == 1)
    reply(house, nurse, "word " * 300, [JPEG])
    await double.until(lambda: len(ana.texts) == 3)
    assert ana.texts[1] == ""
    assert ana.texts[2].startswith("Nurse Ana Silva: word")


async def test_a_photo_telegram_will_not_show_goes_as_a_file(house, double, nurse):
    ana = double.patient(1)
    ana.sends("how should it look?")
    await double.until(lambda: len(ana.texts) == 1)
    double.fail("sendPhoto", 400)
    reply(house, nurse, "Like this.", [JPEG])
    await double.until(lambda: ana.files == [("document", JPEG)])


async def test_a_file_over_the_limit_is_given_up_and_staff_are_told(house, double, nurse, monkeypatch):
    ana = double.patient(1)
    ana.sends("how should it look?")
    await double.until(lambda: len(ana.texts) == 1)
    monkeypatch.setattr(sender, "MAX_UPLOAD", 10)
    reply(house, nurse, "Like this.", [JPEG])
    await double.until(lambda: house.stored(Author.CLINICIAN)[0].delivery is Delivery.FAILED)
    assert "over 50 MB" in (house.stored(Author.CLINICIAN)[0].failure or "")
    assert [case.reason for case in house.cases()] == ["undelivered"]
    assert limits.MAX_UPLOAD == 50 * 1024 * 1024


async def test_what_was_sent_is_not_sent_again_after_a_flood_wait(house, double, nurse):
    ana = double.patient(1)
    ana.sends("how should it look?")
    await double.until(lambda: len(ana.texts) == 1)
    double.flood(retry_after=1, method="sendDocument")
    reply(house, nurse, "Like this.", [JPEG, PDF])
    await double.until(lambda: len(ana.files) == 2)
    assert len(double.calls("sendPhoto")) == 1


async def test_the_desks_reply_takes_files_and_then_needs_no_words(house, double, nurse):
    ana = double.patient(1)
    ana.sends("how should it look?")
    await double.until(lambda: len(ana.texts) == 1)
    desk, [asked] = house.services.desk, house.from_patient()
    desk.take_over(nurse, asked.conversation_id)
    files = [keep(house.services.files, JPEG)]
    for _ in range(2):
        desk.reply(nurse, asked.conversation_id, "", key="k", last_seen=asked.id, uploads=files)
    await double.until(lambda: ana.files == [("photo", JPEG)])
    assert ana.texts[-1] == "Nurse Ana Silva:"
    with pytest.raises(DeskError, match="empty"):
        desk.reply(nurse, asked.conversation_id, "", key="l", last_seen=asked.id)
