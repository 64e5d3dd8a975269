"""Keeps alerts in step with the cases: begun for what is open and urgent, ended once somebody has it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.alerts.addresses import Address, of_groups
from bot.alerts.alarms import untold
from bot.alerts.steps import EVERYBODY, Step, steps
from bot.care.clinic import Clinic
from bot.care.hours import is_open
from bot.clock import CLOCKS_AGREE, Clock
from bot.conversation.events import audit
from bot.conversation.snooze import asleep
from bot.store.database import Store
from bot.store.tables import Alert, Audit, Case, CaseState, Page, PageState, Staff
from bot.triage.tier import Tier

log = logging.getLogger(__name__)

OUTAGE = "telegram"
OUTAGE_AGAIN = timedelta(minutes=15)  # bots that see Telegram differently page no more often than that


@dataclass(frozen=True)
class Planner:
    """Reads the cases as they stand, so that a restart or another process loses and doubles nothing."""

    store: Store
    clinic: Clinic
    clock: Clock
    addresses: Sequence[Address]

    def keep_up(self) -> None:
        """End what is over, begin what is due, and page the addresses that were set meanwhile."""
        now = self.clock.now()
        self._follow_the_clock(now)
        with self.store.read() as session:
            under_way = session.scalars(
                select(Alert)
                .join(Alert.case)
                .where(Alert.ended_at.is_(None), (Case.state != CaseState.OPEN) | (Case.tier != Alert.tier) | asleep())
            ).all()
            over = [*under_way, *untold(session, now, [address.key for address in self.addresses])]
            to_begin = session.scalars(self._unalerted(now)).all()
        for alert in over:
            self._end(alert.id, now)
        for case_id in [*to_begin, *(alert.case_id for alert in over if alert.case_id)]:
            self._begin(case_id, now)
        self._page_new_addresses(now)

    def _follow_the_clock(self, now: datetime) -> None:
        """An alert that began in the future began before the clock was put back: its pages are not to wait so long."""
        ahead = (Alert.ended_at.is_(None)) & (Alert.begun_at > now + CLOCKS_AGREE)
        with self.store.read() as session:
            if session.scalar(select(Alert.id).where(ahead).limit(1)) is None:
                return
        with self.store.write() as session:
            for alert in session.scalars(select(Alert).where(ahead)).all():
                log.warning("the clock was put back: the pages of alert %s are moved with it", alert.id)
                for page in alert.pages:
                    page.due_at -= alert.begun_at - now
                alert.begun_at = now

    def outage(self, *, away: bool | None) -> None:
        """Begin or end the alert about Telegram; a bot that does not know (None) does neither.

        The staff's group is on Telegram, so it is not told.
        """
        now = self.clock.now()
        lately = Alert.ended_at.between(now - OUTAGE_AGAIN, now + CLOCKS_AGREE)
        with self.store.read() as session:
            known = session.scalar(select(Alert).where(Alert.subject == OUTAGE, Alert.ended_at.is_(None)))
            paged = session.scalar(select(Alert.id).where(Alert.subject == OUTAGE, lately).limit(1)) is not None
        if away and known is None and not paged:
            step = Step("first", now, [group for group in EVERYBODY if group != "group"])
            self._insert(Alert(subject=OUTAGE, tier=int(Tier.URGENT), begun_at=now), [step])
        elif known is not None and away is False:
            with self.store.write() as session:
                _close(session, known.id, now, "Telegram is reached again")

    def _unalerted(self, now: datetime) -> Select[int]:
        """Ids of cases that nobody has seen and no alert is under way for."""
        calls = Case.tier >= int(Tier.URGENT)
        if self.clinic.alerts.routine_overdue and is_open(self.clinic, now):
            calls = calls | ((Case.tier == int(Tier.ROUTINE)) & (Case.due_at <= now))
        alerted = select(Alert.id).where(Alert.case_id == Case.id, Alert.ended_at.is_(None)).exists()
        waiting = select(Case.id).where(Case.state == CaseState.OPEN, calls, ~alerted, ~asleep())
        return waiting.order_by(Case.tier.desc(), Case.id)

    def _begin(self, case_id: int, now: datetime) -> None:
        with self.store.read() as session:
            case = session.scalar(self._unalerted(now).where(Case.id == case_id).with_only_columns(Case))
        if case is None:
            return
        tier = Tier(case.tier)
        alert = Alert(subject=f"case:{case.id}", case_id=case.id, tier=case.tier, begun_at=now)
        if self._insert(alert, steps(self.clinic.alerts, tier, now, case.due_at), case.conversation_id):
            log.info("staff are paged about %s case %s", tier.label, case.id)

    def _insert(self, alert: Alert, plan: Iterable[Step], conversation_id: str | None = None) -> bool:
        """Keep an alert with its pages. Out: whether it was ours to begin, and not another process's."""
        try:
            with self.store.write() as session:
                alert.pages = self._pages(plan)
                session.add(alert)
                session.flush()
                if conversation_id:
                    _note(session, alert.begun_at, alert, conversation_id, alert.pages)
        except IntegrityError:
            return False
        return True

    def _pages(self, plan: Iterable[Step]) -> list[Page]:
        return [
            Page(step=step.name, address=address.key, due_at=step.at)
            for step in plan
            for address in of_groups(self.addresses, step.groups)
        ]

    def _page_new_addresses(self, now: datetime) -> None:
        """An address that was set or changed since an alert began gets rounds of its own; the others keep theirs."""
        under_way = select(Alert).join(Alert.case).where(Alert.ended_at.is_(None))
        if not is_open(self.clinic, now):
            under_way = under_way.where(Alert.tier >= int(Tier.URGENT))
        with self.store.read() as session:
            parts = (joinedload(Alert.case), selectinload(Alert.pages))
            alerts = session.scalars(under_way.options(*parts)).all()
        for alert in alerts:
            if alert.case is None:
                continue
            plan = steps(self.clinic.alerts, Tier(alert.tier), now, alert.case.due_at)
            known = {page.address for page in alert.pages}
            pages = [page for page in self._pages(plan) if page.address not in known]
            if pages:
                self._add(alert, alert.case.conversation_id, pages, now)

    def _add(self, alert: Alert, conversation_id: str, pages: Sequence[Page], now: datetime) -> None:
        try:
            with self.store.write() as session:
                for page in pages:
                    page.alert_id = alert.id
                session.add_all(pages)
                session.flush()
                _note(session, now, alert, conversation_id, pages)
        except IntegrityError:
            return  # another process has added them
        log.info("addresses that were set meanwhile are paged about case %s", alert.case_id)

    def _end(self, alert_id: int, now: datetime) -> None:
        with self.store.write() as session:
            alert = session.get_one(Alert, alert_id, options=[joinedload(Alert.case)])
            if alert.case is not None:
                _close(session, alert_id, now, _ending(session, alert.case, alert))


def _note(session: Session, now: datetime, alert: Alert, conversation_id: str, pages: Iterable[Page]) -> None:
    audit(
        session, now, "bot", "paging_began", conversation_id=conversation_id, case_id=alert.case_id,
        tier=Tier(alert.tier).label, addresses=len({page.address for page in pages}),
    )  # fmt: skip


def _close(session: Session, alert_id: int, now: datetime, ending: str) -> None:
    session.execute(
        update(Alert).where(Alert.id == alert_id, Alert.ended_at.is_(None)).values(ended_at=now, ending=ending[:200])
    )
    session.execute(
        update(Page).where(Page.alert_id == alert_id, Page.state == PageState.PLANNED).values(state=PageState.DROPPED)
    )


def _ending(session: Session, case: Case, alert: Alert) -> str:
    if case.tier != alert.tier:
        return f"It is {Tier(case.tier).label} now"
    name = _who(session, case.id) or "Somebody"
    if case.state is CaseState.OPEN:
        return f"{name} put it off" if case.snoozed_until else "Another alarm has come in"
    return f"{name} closed it" if case.state is CaseState.CLOSED else f"{name} has it"


def _who(session: Session, case_id: int) -> str | None:
    """The member of staff who did something with the case last."""
    actor = session.scalar(
        select(Audit.actor)
        .where(Audit.case_id == case_id, Audit.actor.like("staff:%"))
        .order_by(Audit.id.desc())
        .limit(1)
    )
    staff = session.get(Staff, int(actor.partition(":")[2])) if actor else None
    return staff.name if staff else None
