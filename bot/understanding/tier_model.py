"""The second layer of triage: how likely each tier is, from meaning and from letters. Trained on data/nlu."""

from pathlib import Path
from typing import List, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.encoder import Encoder

TIERS = ("none", "routine", "urgent", "emergency")
MEANING_WEIGHT = 3.0  # a unit vector of meaning beside a unit vector of letters: chosen in docs/decisions
STRENGTH = 3.0  # inverse regularisation


class TierModel:
    """A logistic regression over sentence vectors and hashed n-grams of words and characters."""

    def __init__(self, coefficients: np.ndarray, intercepts: np.ndarray) -> None:
        self._coefficients = coefficients
        self._intercepts = intercepts

    @classmethod
    def fit(cls, encoder: Encoder, texts: Sequence[str], tiers: Sequence[str]) -> "TierModel":
        """Train on texts and their tiers (all four must occur)."""
        head = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=200, tol=1e-3, random_state=42)
        head.fit(_features(encoder, list(texts)), [TIERS.index(tier) for tier in tiers])
        return cls(head.coef_.astype(np.float32), head.intercept_.astype(np.float32))

    def probabilities(self, encoder: Encoder, texts: List[str]) -> np.ndarray:
        """Out: shape (len(texts), 4), each row the probabilities of none, routine, urgent and emergency."""
        scores = np.asarray(_features(encoder, texts) @ self._coefficients.T) + self._intercepts
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponents / exponents.sum(axis=1, keepdims=True)

    def save(self, path: Path) -> None:
        """Write the model as a numpy archive."""
        np.savez_compressed(path, coefficients=self._coefficients, intercepts=self._intercepts)

    @classmethod
    def load(cls, path: Path) -> "TierModel":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as archive:
            return cls(archive["coefficients"], archive["intercepts"])


_WORDS = HashingVectorizer(ngram_range=(1, 2), n_features=2**16, alternate_sign=False)
_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**17, alternate_sign=False)


def _features(encoder: Encoder, texts: List[str]) -> csr_matrix:
    lowered = [text.lower() for text in texts]
    meaning = csr_matrix(MEANING_WEIGHT * encoder.encode(texts))
    return hstack([meaning, _WORDS.transform(lowered), _LETTERS.transform(lowered)]).tocsr()
