"""The other side of a chat: what the clinic's team and the bot do in the conversation that a page shows."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from bot.care.treatment import Treatment
from bot.conversation.events import record
from bot.conversation.outbox import enqueue
from bot.conversation.record import remember_treatment
from bot.conversation.uploads import keep
from bot.store.tables import Author, Conversation, Message, Staff
from tests.rubric.chat import Chat
from tests.rubric.conftest import ServedBot


def thread_of(chat: Chat) -> str:
    """The conversation's id."""
    return chat.session["id"]


@dataclass
class Side:
    """The clinic's side of one chat."""

    bot: ServedBot
    thread: str
    key: str
    replies: int = 0

    @classmethod
    def of(cls, bot: ServedBot, chat: Chat) -> "Side":
        """That of the chat which a page shows; it must have begun."""
        return cls(bot, thread_of(chat), hashlib.sha256(chat.session["token"].encode()).hexdigest())

    @property
    def stored(self) -> list[Message]:
        """What the patient has sent, as it is stored, oldest first."""
        return self.bot.house.messages(self.thread, Author.PATIENT)

    def hears(self, *texts: str) -> None:
        """The patient writes, from somewhere else."""
        for text in texts:
            self.bot.house.services.reception.receive(self.bot.house.inbound(text, self.key))

    def says(self, *texts: str, author: Author = Author.BOT) -> None:
        """The bot writes."""
        house = self.bot.house
        with house.store.write() as session:
            conversation = session.get_one(Conversation, self.thread)
            for text in texts:
                enqueue(session, house.clock.now(), conversation, author, text)
        house.services.bell.ring()

    def joins(self, name: str = "Ana Silva", title: str = "Nurse") -> Staff:
        """A clinician takes over."""
        staff = self.bot.house.staff(name, title=title)
        self.bot.house.services.desk.take_over(staff, self.thread)
        return staff

    def answers(self, staff: Staff, text: str, *files: bytes) -> None:
        """The clinician writes, with files."""
        self.replies += 1
        services = self.bot.house.services
        uploads = [keep(services.files, file) for file in files]
        key = str(self.replies)
        services.desk.reply(staff, self.thread, text, key=key, last_seen=10**9, uploads=uploads)

    def treated(self, hours: float) -> None:
        """The session ended so many hours ago."""
        house = self.bot.house
        now = house.clock.now()
        with house.store.write() as session:
            conversation = session.get_one(Conversation, self.thread)
            said = Treatment(now - timedelta(hours=hours), "said")
            remember_treatment(session, house.shared.clinic, now, conversation, said, "patient")
            record(session, now, self.thread, "treatment")
        house.services.bell.ring()
