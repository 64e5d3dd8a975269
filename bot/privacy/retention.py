"""The daily clearing of what the clinic keeps no longer. Nothing of a patient with an open case is removed."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.care.clinic import Clinic
from bot.clock import Clock
from bot.conversation.events import audit
from bot.conversation.watching import watch
from bot.privacy.clearing import Clearing
from bot.services import Services
from bot.store.database import Store
from bot.store.tables import RetentionRun

LOOK_EVERY = 600.0  # seconds
GIVEN_UP = timedelta(hours=2)  # a run that is not finished by then has died with its bot
STRAY = timedelta(days=1)  # a file that belongs to no message for so long belongs to none

Work = Callable[[datetime], Counter[str]]


@dataclass(frozen=True)
class Retention:
    """Keeps each kind of data no longer than `clinic.yml` says under `privacy`."""

    store: Store
    clinic: Clinic
    clock: Clock
    clearing: Clearing

    @classmethod
    def of(cls, services: Services) -> "Retention":
        """Over the bot's parts."""
        clearing = Clearing(services.store, services.files)
        return cls(services.store, services.clinic, services.clock, clearing)

    async def run(self) -> None:
        """Clear once a day until cancelled."""
        await watch(self.of_today, LOOK_EVERY, "what is kept too long")

    def of_today(self) -> Counter[str] | None:
        """Do the day's clearing, unless a bot has done it or is at it. Out: what was removed, by table."""
        now = self.clock.now()
        with self.store.write() as session:
            if not _claim(session, now):
                return None
        return self.clear("bot")

    def clear(self, actor: str) -> Counter[str]:
        """Remove what is kept no longer, and write down what that was. Out: how many rows and files, by table."""
        now, removed = self.clock.now(), Counter[str]()
        for work, kept in self._plan():
            removed += work(now - kept)
        if removed:
            self.store.forget_deleted()
        with self.store.write() as session:
            run = session.get(RetentionRun, now.date())
            if run is not None:
                run.finished_at = self.clock.now()
                run.removed = dict(removed + Counter(run.removed))
            audit(session, now, actor, "retention_run", conversation_id=None, case_id=None, removed=dict(removed))
        return removed

    def _plan(self) -> Iterator[tuple[Work, timedelta]]:
        """What is to be cleared, and how old it may get."""
        keep, clearing = self.clinic.privacy, self.clearing
        days: list[tuple[Work, float | None]] = [
            (clearing.photos, keep.photo_days),
            (clearing.chats, keep.chat_days),
            (clearing.cases, keep.case_days),
            (clearing.events, keep.event_days),
            (clearing.links, keep.link_days),
            (clearing.sign_ins, keep.sign_in_days),
            (clearing.audit, keep.audit_days),
        ]
        yield from ((work, timedelta(days=kept)) for work, kept in days if kept is not None)
        yield clearing.strays, STRAY


def _claim(session: Session, now: datetime) -> bool:
    """Take the day's run: nobody has begun it, or whoever did has died."""
    known = session.get(RetentionRun, now.date(), with_for_update=True)
    if known is None:
        session.add(RetentionRun(day=now.date(), started_at=now, removed={}))
        session.flush()
        return True
    if known.finished_at is not None or now - known.started_at < GIVEN_UP:
        return False
    known.started_at = now
    return True
