"""The watch over follow-ups: offers, plans and sends, from stored state, until it is stopped."""

from dataclasses import dataclass

from bot.conversation.watching import watch
from bot.followup.offering import Offerer
from bot.followup.planning import Planner
from bot.followup.sending import Sender
from bot.services import Services

LOOK_EVERY = 5.0  # seconds


@dataclass(frozen=True)
class FollowUps:
    """Reminders and check-ins of all patients."""

    planner: Planner
    sender: Sender
    offerer: Offerer

    @classmethod
    def of(cls, services: Services) -> "FollowUps":
        """Over the bot's parts."""
        parts = services
        return cls(
            Planner(parts.store, parts.clinic, parts.clock),
            Sender(parts.store, parts.clinic, parts.wording, parts.clock, parts.bell),
            Offerer(parts.store, parts.clinic, parts.wording, parts.clock, parts.bell),
        )

    async def run(self) -> None:
        """Watch until cancelled."""
        await watch(self.look, LOOK_EVERY, "reminders")

    def look(self) -> int:
        """Plan, send and offer what there is now. Out: how many messages were written."""
        self.planner.keep_up()
        return self.sender.send_due() + self.offerer.offer()
