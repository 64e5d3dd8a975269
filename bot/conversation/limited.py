"""Channels where a clinic may not talk about one patient: advice there is general, and the rest goes to the web chat.

What is a red flag is answered and opens a case all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.care.clinic import Clinic
from bot.care.effects import Effect, PersonalEffect, RemindersEffect, TreatmentEffect, ZoneEffect
from bot.care.values import clinic_values
from bot.care.wording import Wording
from bot.triage.tier import Tier

KEY = "utter_telegram_limited"
PERSONAL = (TreatmentEffect, PersonalEffect, RemindersEffect, ZoneEffect)

Replies = Sequence[tuple[str, Sequence[dict[str, Any]]]]


def is_limited(clinic: Clinic, channel: str) -> bool:
    """Whether only general advice is given on a channel."""
    return channel == "telegram" and clinic.channels.telegram == "limited"


@dataclass(frozen=True)
class Limits:
    """Which channels those are, and what is said there instead. `web_chat`: where the patient can go."""

    clinic: Clinic
    wording: Wording
    web_chat: str

    def hold(self, channel: str) -> bool:
        """Whether only general advice is given on a channel."""
        return is_limited(self.clinic, channel)

    def general(self, channel: str, metadata: dict[str, Any]) -> dict[str, Any]:
        """What Rasa's actions are told: of a limited channel nothing about the patient."""
        if not self.hold(channel):
            return metadata
        untold = dict.fromkeys(("day", "treatment", "reminders", "screened"))
        return {**metadata, **untold, "personal": {}, "general": True}

    def apply(
        self, now: datetime, replies: Replies, effects: Sequence[Effect], tier: Tier
    ) -> tuple[Replies, Sequence[Effect]]:
        """What is said and done on a limited channel: a line about the web chat, in place of what would be personal."""
        kept = [effect for effect in effects if not isinstance(effect, PERSONAL)]
        if tier >= Tier.URGENT:
            return replies, kept
        values = clinic_values(self.clinic, now) | {"web_chat": self.web_chat}
        line: tuple[str, Sequence[dict[str, Any]]] = (self.wording.render(KEY, **values), [])
        return ([line] if len(kept) < len(effects) else [*replies, line]), kept
