"""Which of our topics a message is about. Risk reports are not topics: the gate after this decides those."""

from typing import Any, Dict, List, Optional, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.head import Head, both
from bot.understanding.mending import load_mender
from bot.understanding.reader import load_reader
from bot.understanding.sentence_reader import CLAUSES, READ, Read

MODEL_FILE = "topics.npz"
STRENGTH = 3.0
RANKING = 10
REPORT = "report_"
# Of a message without words Rasa needs an intent too; a pressed button's is put in its place later.
NOTHING_READ = {"name": "nlu_fallback", "confidence": 1.0}
SURE_OF_NOISE = 0.35
# Topics of a clause that ask nothing beside another.
NOTHING_ASKED = {
    "greet", "thanks", "goodbye", "small_talk", "out_of_scope", "inform_session_time", "affirm", "deny", "anger",
    "correction", "follow_up_why", "follow_up_how_long", "bot_identity",
}  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `topics`: half the reader's opinion, half a head's over words and letters."""

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, head: Optional[Head]
    ) -> None:
        """Rasa makes it through `create` or `load`."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._head = head

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The confidences at which a second topic of a message is answered too."""
        return {
            "second_topic": 0.3,  # as the runner-up of the whole message
            "topic_of_a_clause": 0.6,  # as the first of one of its clauses
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TopicClassifier":
        """Make an untrained classifier (called by Rasa)."""
        return cls(config, model_storage, resource, None)

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
            return cls(config, model_storage, resource, Head.load(folder / MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the head on every example whose intent is a topic."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT) and not example.get(INTENT).startswith(REPORT)
        ]
        texts, intents = [example.get(TEXT) for example in examples], [example.get(INTENT) for example in examples]
        self._head = Head.fit(texts, intents, STRENGTH, balanced=True)
        with self._storage.write_to(self._resource) as folder:
            self._head.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing downstream learns from it."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the topics of each message."""
        for message in messages:
            read = message.get(READ)
            if read is None or self._head is None:
                _rank(message, [dict(NOTHING_READ)])
                continue
            [ranking] = self._rankings(read.rows([0]))
            if _is_noise(message.get(TEXT) or "", ranking[0]):
                _rank(message, [dict(NOTHING_READ)])
                continue
            _rank(message, ranking)
            message.set("topics", self._topics(ranking, message.get(CLAUSES)), add_to_output=True)
        return messages

    def _rankings(self, read: Read) -> List[List[Dict[Text, Any]]]:
        head = self._head.probabilities(read.ngrams)
        rows = both(self._head.labels, head, load_reader().topics, read.reading.topics)
        return [_ranking(self._head.labels, row) for row in rows]

    def _topics(self, ranking: List[Dict[Text, Any]], parts: Read) -> List[Text]:
        """What to answer: the topic of the whole message and, where a clause asks another clearly, that one too."""
        first, runner_up, *_ = ranking
        found = [runner_up] if runner_up["confidence"] >= self._config["second_topic"] else []
        if parts.texts:
            asked = [part[0] for part in self._rankings(parts)]
            clear = [part for part in asked if part["confidence"] >= self._config["topic_of_a_clause"]]
            found += sorted(clear, key=lambda part: -part["confidence"])
        others = [topic["name"] for topic in found if topic["name"] not in {first["name"], *NOTHING_ASKED}]
        return [first["name"], *others[:1]]


def _is_noise(text: Text, best: Dict[Text, Any]) -> bool:
    """Whether a message without known words ("asdlkjasd", emoji alone) was taken for a word of courtesy."""
    wordless = not any(char.isalpha() for char in text) or load_mender().is_foreign(text)
    return wordless and best["name"] in NOTHING_ASKED - {"anger"} and best["confidence"] < SURE_OF_NOISE


def _rank(message: Message, ranking: List[Dict[Text, Any]]) -> None:
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)


def _ranking(labels: List[Text], row: np.ndarray) -> List[Dict[Text, Any]]:
    best = sorted(zip(labels, row), key=lambda entry: -entry[1])[:RANKING]
    return [{"name": name, "confidence": float(value)} for name, value in best]
