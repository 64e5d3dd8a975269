"""How paging stands, for the console's banner and the figures: what did not get out, and what nobody answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts.planning import OUTAGE
from bot.store.tables import Alert, Page, PageState


@dataclass(frozen=True)
class Standing:
    """Numbers of cases whose alerts are under way. `telegram_away`: since when, None while it is reached."""

    under_way: int
    unaddressed: int  # there was no address to page
    unpaged: int  # no page got out yet, and at least one try failed
    unanswered: int  # overdue: everybody was paged and nobody has acknowledged
    given_up: int  # pages that did not get out for good
    telegram_away: datetime | None


def standing(session: Session) -> Standing:
    """How it stands now."""
    running = select(func.count(Alert.id)).where(Alert.ended_at.is_(None), Alert.case_id.is_not(None))
    page = select(Page.id).where(Page.alert_id == Alert.id)
    got_out = page.where(Page.state == PageState.SENT)
    failed = page.where(Page.failure.is_not(None))
    given_up = select(func.count(Page.id)).join(Page.alert).where(Page.state == PageState.FAILED)
    outage = select(Alert.begun_at).where(Alert.subject == OUTAGE, Alert.ended_at.is_(None))
    return Standing(
        under_way=session.scalar(running) or 0,
        unaddressed=session.scalar(running.where(~page.exists())) or 0,
        unpaged=session.scalar(running.where(failed.exists(), ~got_out.exists())) or 0,
        unanswered=session.scalar(running.where(got_out.where(Page.step == "overdue").exists())) or 0,
        given_up=session.scalar(given_up.where(Alert.ended_at.is_(None))) or 0,
        telegram_away=session.scalar(outage),
    )


def warnings_of(now: Standing) -> Iterator[str]:
    """What the staff must know, a sentence each; nothing while all is well."""
    if now.unaddressed:
        number = _cases(now.unaddressed)
        yield f"Nobody was paged about {number}: no alert address is set. An admin sets one: README, step 8."
    if now.unpaged:
        yield f'Pages about {_cases(now.unpaged)} do not get out. Run "aftercare alerts test".'
    elif now.given_up:
        yield 'An address does not take pages. Run "aftercare alerts test".'
    if now.unanswered:
        yield f"Overdue: {_cases(now.unanswered)}. Everybody was paged and nobody has acknowledged."
    if now.telegram_away:
        yield "Telegram is not reached: patients there are not heard. Have the server looked at."


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"
