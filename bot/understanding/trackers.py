"""Where Rasa keeps its dialogue state: in SQL as usual, but without anybody's words.

The dialogue goes on from intents and slots. What was written stands sealed in our own database, and must stand nowhere else.
"""

from typing import Any, Dict, Iterator, Text

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_OF_METADATA = ("model_id", "assistant_id")


class WordlessTrackerStore(SQLTrackerStore):
    """Stores what each event was, not what it said."""

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Any]:
        for event in super()._additional_events(session, tracker):
            yield Wordless(event)


class Wordless:
    """An event as it is stored."""

    def __init__(self, event: Event) -> None:
        self.type_name = event.type_name
        self._event = event

    def as_dict(self) -> Dict[Text, Any]:
        """The event without texts: of a patient's message its intent stays, of ours that there was one."""
        stored = self._event.as_dict()
        metadata = stored.get("metadata") or {}
        stored["metadata"] = {key: metadata[key] for key in KEPT_OF_METADATA if key in metadata}
        if self.type_name == "user":
            read = stored.get("parse_data") or {}
            # Entities come from our own buttons alone.
            kept = {"intent": {"name": (read.get("intent") or {}).get("name")}, "entities": read.get("entities", [])}
            stored.update(text="", parse_data={"text": "", **kept})
        elif self.type_name == "bot":
            stored.update(text="", data={})
        return stored
