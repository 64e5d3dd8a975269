"""One turn of dialogue, by Rasa's policies and its call of the action server, without the rest of its processor.

Every rule of ours is one action, so that one prediction and one action are a whole turn. Rasa would ask the policies
again, to hear that it should listen; store the conversation; and look for slots to fill from words, of which we have
none.
"""

from typing import Any, Dict, List, Text

from rasa.core.actions.action import action_for_index
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Replies = List[Dict[Text, Any]]


async def answer(processor: MessageProcessor, tracker: DialogueStateTracker, said: UserUttered) -> Replies:
    """What the dialogue says to a message; the tracker has the slots after it. Raises RasaException or ValueError where
    the action server fails."""
    tracker.update(said, processor.domain)
    prediction = processor._predict_next_with_tracker(tracker)
    action = action_for_index(prediction.max_confidence_index, processor.domain, processor.action_endpoint)
    spoken = CollectingOutputChannel()
    events = await action.run(spoken, processor.nlg, tracker, processor.domain)
    tracker.update_with_events(events, processor.domain)
    await processor.execute_side_effects(events, tracker, spoken)
    return spoken.messages
