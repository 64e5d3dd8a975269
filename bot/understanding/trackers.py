"""Rasa remembers nothing between two turns: the bot hands it the slots with each message, and gets them back.

So a turn costs the same after a year of chatting, any Rasa may answer it, and nobody's words lie with Rasa.
"""

from typing import Any, Dict, Iterable, Mapping, Optional, Text

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


class HandedOver(TrackerStore):
    """Hands a tracker from the channel to the dialogue and back. Whoever fetches one takes it away."""

    def __init__(self, domain: Optional[Domain], event_broker: Any = None, **_: Any) -> None:
        """Made by Rasa, which names an address too."""
        super().__init__(domain, event_broker)
        self._trackers: Dict[Text, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a tracker until it is fetched."""
        self._trackers[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """Fetch a tracker. None where there is none."""
        return self._trackers.pop(sender_id, None)

    async def keys(self) -> Iterable[Text]:
        """Whose trackers are waiting to be fetched."""
        return list(self._trackers)


def tracker_with(sender_id: Text, slots: Mapping[Text, Any], domain: Domain) -> DialogueStateTracker:
    """A conversation that waits for the patient, with these slots. One that the domain no longer knows is left out."""
    known = {slot.name for slot in domain.slots}
    events = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        *(SlotSet(name, value) for name, value in slots.items() if name in known),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    return DialogueStateTracker.from_events(sender_id, events, domain.slots)


def slots_of(tracker: DialogueStateTracker) -> Dict[Text, Any]:
    """The slots that are set, Rasa's own left out."""
    slots = tracker.current_slot_values()
    return {name: value for name, value in slots.items() if value is not None and name not in DEFAULT_SLOT_NAMES}
