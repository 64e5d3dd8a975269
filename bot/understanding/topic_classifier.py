"""Which of our topics a message is about. Risk reports are not topics: the gate after this decides those."""

from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.head import Head, features

MODEL_FILE = "topics.npz"
STRENGTH = 3.0
RANKING = 10
REPORT = "report_"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking` from a light head over sentence meaning and n-grams."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, head: Optional[Head]) -> None:
        """Rasa makes it through `create` or `load`."""
        self._storage = model_storage
        self._resource = resource
        self._head = head

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TopicClassifier":
        """Make an untrained classifier (called by Rasa)."""
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TopicClassifier":
        """Load a trained classifier (called by Rasa)."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Head.load(folder / MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the head on every example whose intent is a topic."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT) and not example.get(INTENT).startswith(REPORT)
        ]
        rows = features([example.get(TEXT) for example in examples])
        self._head = Head.fit(rows, [example.get(INTENT) for example in examples], STRENGTH, balanced=True)
        with self._storage.write_to(self._resource) as folder:
            self._head.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing downstream learns from it."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the topics of each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._head is None:
                continue
            row = self._head.probabilities(features([text]))[0]
            ranking = sorted(
                ({"name": name, "confidence": float(value)} for name, value in zip(self._head.labels, row)),
                key=lambda entry: -entry["confidence"],
            )[:RANKING]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
