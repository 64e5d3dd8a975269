"""Rasa featurizer: the meaning of the whole message as one dense vector."""

from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.encoder import load_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the encoder's sentence vector to each message."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceFeaturizer":
        """Make the component (called by Rasa)."""
        return cls(execution_context.node_name, config)

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Rasa's own default for dense featurizers: no alias."""
        return {**DenseFeaturizer.get_default_config(), "alias": None}

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the vector to messages that have text."""
        with_text = [message for message in messages if message.get(TEXT)]
        if with_text:
            vectors = load_encoder().encode([message.get(TEXT) for message in with_text])
            for message, vector in zip(with_text, vectors):
                row = vector[np.newaxis, :]
                # Rasa wants a vector per token too; its classifiers here read the sentence's alone.
                self.add_features_to_message(sequence=row, sentence=row, attribute=TEXT, message=message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to the training examples."""
        self.process(training_data.training_examples)
        return training_data
