"""Sends the pages that are due. Each is claimed by compare-and-set, so that two processes send it once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from bot.alerts.addresses import Address
from bot.alerts.pagers import GroupPager, PageError, notify
from bot.alerts.words import Words, settled_words, words_of
from bot.care.clinic import Clinic
from bot.clock import Clock
from bot.store.database import Store
from bot.store.tables import Alert, Case, CaseState, Page, PageState

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8  # with the waits below about nine minutes
LONGEST_WAIT = 300.0  # seconds
LEASE = timedelta(seconds=120)  # a process that died while paging holds a page no longer; then it may go out twice
CHANGE_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Claimed:
    """A page that is ours to send."""

    page_id: int
    attempt: int
    address: Address
    words: Words


@dataclass(frozen=True)
class Sender:
    """Pages addresses, and changes what stands in the staff's group once somebody has the case."""

    store: Store
    clinic: Clinic
    clock: Clock
    public_url: str
    addresses: Sequence[Address]
    group: GroupPager | None

    async def settle(self) -> None:
        """Say in the staff's group who has the cases whose alerts are over."""
        if self.group is None:
            return
        for page_id, receipt, text in await asyncio.to_thread(self._claim_settled):
            try:
                await self.group.change(receipt, text)
            except PageError as failure:
                log.warning("page %s in the staff's group could not be changed: %s", page_id, failure)
                if not failure.for_good:
                    continue  # its lease runs out, and it is tried again
            await asyncio.to_thread(self._settled, page_id)

    def claim_due(self) -> list[Claimed]:
        """Take what is due; what does not hold any more is dropped."""
        now = self.clock.now()
        known = {address.key: address for address in self.addresses}
        due = (
            select(Page)
            .where(
                Page.state.in_((PageState.PLANNED, PageState.CLAIMED)),
                Page.due_at <= now,
                Page.address.in_(known),  # another bot may know the others, while their settings are changed in turn
            )
            .options(joinedload(Page.alert).joinedload(Alert.case))
            .order_by(Page.id.desc())
        )
        if not self._any(due):
            return []
        claimed, told = [], set()
        with self.store.write() as session:
            for page in session.scalars(due).all():
                # After an outage several steps are due at once: the last one says it all.
                overtaken = (page.alert_id, page.address) in told
                told.add((page.alert_id, page.address))
                if overtaken or not _holds(page.alert):
                    _take(session, page, PageState.DROPPED, page.due_at)
                elif _take(session, page, PageState.CLAIMED, now + LEASE):
                    words = words_of(page.alert, page.step, self.public_url, self.clinic.tz)
                    claimed.append(Claimed(page.id, page.attempts, known[page.address], words))
        return claimed

    async def send(self, page: Claimed) -> None:
        """Send one page, and keep what became of it."""
        receipt = None
        try:
            if page.address.url:
                await notify(page.address, page.words)
            elif self.group is not None:
                receipt = await self.group.post(page.words)
        except PageError as failure:
            await asyncio.to_thread(self._failed, page, failure)
        except Exception as error:
            # One way of paging must not stop the others. The error's own words may hold the address: its type must do.
            log.error("page %s failed by a fault of ours: %s", page.page_id, type(error).__name__)  # noqa: TRY400
            await asyncio.to_thread(self._failed, page, PageError(type(error).__name__))
        else:
            await asyncio.to_thread(self._mark, page, PageState.SENT, self.clock.now(), None, receipt)

    def _failed(self, page: Claimed, failure: PageError) -> None:
        if failure.for_good or page.attempt >= MAX_ATTEMPTS:
            log.critical(
                "page %s to %s is given up (%s): run `aftercare alerts test`", page.page_id, page.address.name, failure
            )
            self._mark(page, PageState.FAILED, self.clock.now(), str(failure))
            return
        log.warning("page %s to %s did not get out: %s; trying again", page.page_id, page.address.name, failure)
        wait = timedelta(seconds=min(2.0**page.attempt, LONGEST_WAIT))
        self._mark(page, PageState.PLANNED, self.clock.now() + wait, str(failure))

    def _mark(
        self, page: Claimed, state: PageState, due_at: datetime, failure: str | None, receipt: str | None = None
    ) -> None:
        with self.store.write() as session:
            session.execute(
                update(Page)
                .where(Page.id == page.page_id, Page.state == PageState.CLAIMED, Page.attempts == page.attempt)
                .values(state=state, due_at=due_at, failure=failure and failure[:200], receipt=receipt)
            )

    def _claim_settled(self) -> list[tuple[int, str, str]]:
        now = self.clock.now()
        query = (
            select(Page)
            .join(Page.alert)
            .where(
                Page.receipt.is_not(None), Page.settled_at.is_(None), Page.due_at <= now, Alert.ended_at.is_not(None)
            )
            .options(joinedload(Page.alert))
        )
        if not self._any(query):
            return []
        with self.store.write() as session:
            pages = session.scalars(query).all()
            return [
                (page.id, page.receipt or "", settled_words(page.alert, self.clinic.tz))
                for page in pages
                if _take(session, page, PageState.SENT, now + CHANGE_AGAIN)
            ]

    def _any(self, query: Select[Page]) -> bool:
        with self.store.read() as session:  # so that looking every few seconds keeps no writer waiting
            return session.scalar(query.limit(1)) is not None

    def _settled(self, page_id: int) -> None:
        with self.store.write() as session:
            session.execute(update(Page).where(Page.id == page_id).values(settled_at=self.clock.now()))


def _holds(alert: Alert) -> bool:
    """Whether there still is something to look at, and at this tier."""
    case: Case | None = alert.case
    if alert.ended_at is not None:
        return False
    return case is None or (case.state is CaseState.OPEN and case.tier == alert.tier)


def _take(session: Session, page: Page, state: PageState, due_at: datetime) -> bool:
    """Take a page as it was seen into another state. Out: whether it was still so."""
    result = session.execute(
        update(Page)
        .where(Page.id == page.id, Page.state == page.state, Page.attempts == page.attempts, Page.due_at == page.due_at)
        .values(state=state, due_at=due_at, attempts=page.attempts + 1)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
