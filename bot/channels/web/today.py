"""The widget's card: what may be done today, sent when the stream begins and whenever it has changed."""

from typing import Any

from sqlalchemy.orm import joinedload

from bot.care.today import Item
from bot.channels.web.languages import Language
from bot.conversation.today import today_of
from bot.services import Services
from bot.store.tables import Conversation


def today_card(services: Services, conversation_id: str, language: Language | None = None) -> dict[str, Any] | None:
    """The data of a `today` event; `known` is false while nobody said when the session was, and None shows no card."""
    now = services.clock.now()
    with services.store.read() as session:
        conversation = session.get(Conversation, conversation_id, options=[joinedload(Conversation.patient)])
        if conversation is None:
            return None
        wording = language.responses.over(services.wording) if language else services.wording
        plan = today_of(session, services.clinic, wording, conversation, now)
    if plan is None:
        return {"known": False}

    def shown(item: Item) -> dict[str, Any]:
        said = item.said
        if language and item.until:
            moment = language.instant(item.until, now, services.clinic)
            said = wording.render("utter_today_waits", **{"activity": item.name, "from": moment})
        until = item.until.isoformat() if item.until else None
        return {"id": item.id, "name": item.name, "said": said, "only_if": item.only_if, "until": until}

    return {
        "known": True,
        "recent": plan.recent,
        "day": plan.day,
        "fine": [shown(item) for item in plan.fine],
        "wait": [shown(item) for item in (*plan.wait, *plan.ask)],
        "watch": plan.watch,
        "held": plan.held,
    }
