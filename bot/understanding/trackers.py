"""Rasa remembers nothing between two turns: the bot hands it the slots with each message, and gets them back.

So a turn costs the same after a year of chatting, any Rasa may answer it, and nobody's words lie with Rasa.
"""

from typing import Any, Dict, Mapping, Text

from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


def tracker_with(sender_id: Text, slots: Mapping[Text, Any], domain: Domain) -> DialogueStateTracker:
    """A conversation that waits for the patient, with these slots. One that the domain no longer knows is left out."""
    known = {slot.name for slot in domain.slots}
    events = [
        *(SlotSet(name, value) for name, value in slots.items() if name in known),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    return DialogueStateTracker.from_events(sender_id, events, domain.slots)


def slots_of(tracker: DialogueStateTracker) -> Dict[Text, Any]:
    """The slots that are set, Rasa's own left out."""
    slots = tracker.current_slot_values()
    return {name: value for name, value in slots.items() if value is not None and name not in DEFAULT_SLOT_NAMES}
