"""Reads each message and its sentences once, for the classifiers after it."""

from typing import Any, Dict, List, NamedTuple, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.pieces import candidates
from bot.understanding.reader import Reading, load_reader

READ = "read"


class Read(NamedTuple):
    """The message and, where it has several, its sentences; and what the reader makes of each, in the same order."""

    texts: List[str]
    reading: Reading

    def with_text(self, text: str) -> "Read":
        """The same and one more text."""
        more = load_reader().read([text])
        return Read(
            [*self.texts, text],
            Reading(
                np.concatenate([self.reading.topics, more.topics]), np.concatenate([self.reading.tiers, more.tiers])
            ),
        )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceReader(GraphComponent):
    """Sets `read` on each message that a person wrote."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceReader":
        """Load the reader now, so that a broken file stops the start and not the first message (called by Rasa)."""
        load_reader()
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The classifiers learn from words and letters alone; the reader was tuned before."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Read each message; a pressed button ("/...") has nothing to read."""
        for message in messages:
            text = message.get(TEXT) or ""
            texts = [] if text.startswith("/") else candidates(text)
            if texts:
                message.set(READ, Read(texts, load_reader().read(texts)))
        return messages
