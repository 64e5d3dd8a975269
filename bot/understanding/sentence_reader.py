"""Reads each message and its sentences once, for the classifiers after it."""

from typing import Any, Dict, List, NamedTuple, Text
from unicodedata import category

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.understanding.head import features
from bot.understanding.mending import load_mender
from bot.understanding.pieces import candidates, clauses
from bot.understanding.reader import Reading, load_reader

READ = "read"
CLAUSES = "clauses"


class Read(NamedTuple):
    """Texts and, a row each, the n-grams that the heads go by and what the reader makes of them."""

    texts: List[str]
    ngrams: csr_matrix
    reading: Reading

    def rows(self, places: List[int]) -> "Read":
        """Some of the texts."""
        topics, tiers = self.reading
        return Read(
            [self.texts[place] for place in places], self.ngrams[places], Reading(topics[places], tiers[places])
        )


def _says_anything(text: str) -> bool:
    """Whether there is more than punctuation: a letter, a figure, or a picture."""
    return any(char.isalnum() or category(char) == "So" for char in text)


def read_texts(texts: List[str]) -> Read:
    """Mend the spelling of the texts, once, and read them."""
    mended = [load_mender().mend(text) for text in texts]
    return Read(texts, features(mended), load_reader().read(mended))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceReader(GraphComponent):
    """Sets `read` on each message that a person wrote (the message, then its sentences) and `clauses` (those)."""

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
            texts = [] if text.startswith("/") or not _says_anything(text) else candidates(text)
            if texts:
                parts = clauses(text)
                # Most clauses are a sentence but for its full stop, and are not read twice.
                places = {each.rstrip(".!?;… "): place for place, each in enumerate(texts)}
                more = [part for part in parts if part not in places]
                everything = read_texts([*texts, *more])
                places.update(zip(more, range(len(texts), len(everything.texts))))
                message.set(READ, everything.rows(list(range(len(texts)))))
                message.set(CLAUSES, everything.rows([places[part] for part in parts]))
        return messages
