"""The first steps of a new clinic, each ticked off by what is really so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.console.console import Console
from bot.console.setting_protocol import Sheet
from bot.store.tables import Author, Delivery, Message, Staff


@dataclass(frozen=True)
class Step:
    """One step: what to do, why or how, where (empty: not in the console), and whether it is done."""

    name: str
    says: str
    address: str
    link: str
    done: bool


def steps(console: Console, session: Session, sheet: Sheet | None) -> Sequence[Step]:
    """The steps as things stand. `sheet` is the protocol's; None where clinic.yml cannot be read."""
    settings = console.services.settings
    colleagues = session.scalar(select(func.count(Staff.id)).where(Staff.disabled_at.is_(None))) or 0
    lacking = sheet.lacking if sheet else 0
    return (
        Step(
            "Send a test message",
            "Open the demo page, ask something, then write that something oozes and you feel hot.",
            "/",
            "Open the demo page",
            _any(session, Author.PATIENT),
        ),
        Step(
            "Answer it",
            "Take the case over in the queue, write a reply and see it arrive in the chat.",
            "/console",
            "Go to the queue",
            _any(session, Author.CLINICIAN),
        ),
        Step(
            "Put the chat on your website",
            "Two lines on your page, and your site's address in AFTERCARE_WIDGET_ORIGINS.",
            "/console/settings/website",
            "Copy the lines",
            bool(settings.embedding_origins),
        ),
        Step(
            "Have the protocol approved",
            "Every row is approved." if sheet and not lacking else f"{lacking} rows wait for a clinician's approval.",
            "/console/settings/protocol",
            "Read the protocol",
            sheet is not None and not lacking,
        ),
        Step(
            "Add a colleague",
            "Somebody else has to see an emergency while you are away.",
            "/console/staff",
            "Add somebody",
            colleagues > 1,
        ),
        Step(
            "Say who is paged",
            "Without it nobody hears of an emergency while no console is open. README, step 8: AFTERCARE_ALERT_URLS.",
            "",
            "",
            bool(settings.alert_urls.get_secret_value() or settings.telegram_staff_group),
        ),
        Step(
            "Keep the encryption key apart",
            "Put it into AFTERCARE_ENCRYPTION_KEYS, keep a copy elsewhere, and delete encryption.key.",
            "/console/settings/data",
            "See what is kept",
            settings.keys_lie_apart,
        ),
    )


def _any(session: Session, author: Author) -> bool:
    query = select(Message.id).where(Message.author == author).limit(1)
    if author is Author.CLINICIAN:
        query = query.where(Message.delivery == Delivery.SENT)
    return session.scalar(query) is not None
