"""A light classifier over the words and letters of a text. Trains in seconds, loads without pickle."""

from pathlib import Path
from typing import List, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.mending import load_mender

_WORDS = HashingVectorizer(ngram_range=(1, 2), n_features=2**16, alternate_sign=False, dtype=np.float32)
_LETTERS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 5), n_features=2**17, alternate_sign=False, dtype=np.float32
)


def features(mended: Sequence[str]) -> csr_matrix:
    """Hashed n-grams of the words and letters of texts in plain spelling: a row a text, 197 thousand columns."""
    lowered = [text.lower() for text in mended]
    return hstack([_WORDS.transform(lowered), _LETTERS.transform(lowered)]).tocsr()


class Head:
    """One logistic regression a label, their probabilities brought to a sum of one."""

    def __init__(self, labels: List[str], coefficients: np.ndarray, intercepts: np.ndarray) -> None:
        self.labels = labels
        # In rows of features and of one precision with them: else scipy copies all of it, 50 MB, at every message.
        self._weights = np.ascontiguousarray(coefficients.T)
        self._intercepts = intercepts

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], strength: float, balanced: bool) -> "Head":
        """Train on texts, mended first. `strength` is the inverse of regularisation; at least three labels."""
        weight = "balanced" if balanced else None
        model = LogisticRegression(C=strength, solver="liblinear", class_weight=weight, random_state=42)
        model.fit(features([load_mender().mend(text) for text in texts]), list(labels))
        return cls([str(label) for label in model.classes_], model.coef_.astype(np.float32), model.intercept_)

    def probabilities(self, ngrams: csr_matrix) -> np.ndarray:
        """In: rows of `features`. Out: shape (texts, labels), each row summing to one."""
        scores = np.asarray(ngrams @ self._weights) + self._intercepts
        each = 1.0 / (1.0 + np.exp(-scores))
        return each / each.sum(axis=1, keepdims=True)

    def save(self, path: Path) -> None:
        """Write it as a numpy archive."""
        np.savez_compressed(
            path, labels=np.array(self.labels), coefficients=self._weights.T, intercepts=self._intercepts
        )

    @classmethod
    def load(cls, path: Path) -> "Head":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as archive:
            return cls([str(label) for label in archive["labels"]], archive["coefficients"], archive["intercepts"])


def both(labels: List[str], head: np.ndarray, known: List[str], reader: np.ndarray) -> np.ndarray:
    """The mean of a head's and the reader's probabilities, in columns of `labels`, the head's.

    What the reader was not tuned on (a new topic) has the head's half alone; a label that is gone is left out.
    """
    mean = head / 2
    for column, label in enumerate(labels):
        if label in known:
            mean[:, column] += reader[:, known.index(label)] / 2
    return mean / mean.sum(axis=1, keepdims=True)
