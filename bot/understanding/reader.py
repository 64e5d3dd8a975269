"""What a text means: the tuned encoder with its two heads, topics and tiers (data/reader), checked before use."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import List, NamedTuple

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.understanding.mending import load_mender

READER = Path(__file__).resolve().parents[2] / "data" / "reader"
MAX_TOKENS = 128
BATCH = 32


class ReaderError(Exception):
    """The reader's files are missing or do not belong together. The message says which and the mend."""


class Reading(NamedTuple):
    """Probabilities a row a text: `topics` of shape (n, topics), `tiers` of shape (n, tiers)."""

    topics: np.ndarray
    tiers: np.ndarray


class Reader:
    """Reads texts with the network of a folder; `topics` and `tiers` are the names of its columns."""

    def __init__(self, folder: Path) -> None:
        try:
            card = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            network = (folder / "reader.onnx").read_bytes()
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ReaderError(f"{error.filename} is missing: `git checkout data/reader`, or `make tune`") from error
        found = hashlib.sha256(network).hexdigest()
        if found != card["sha256"]:
            raise ReaderError(
                f"{folder}/reader.onnx is not the one of reader.json (sha256 {found}): `git checkout data/reader`, "
                "or `make tune`"
            )
        self.topics: List[str] = card["topics"]
        self.tiers: List[str] = card["tiers"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()

    def read(self, texts: List[str]) -> Reading:
        """What the texts, once their spelling is mended, are about, and how soon a clinician must see them."""
        mended = [load_mender().mend(text) for text in texts]
        topics = np.zeros((len(texts), len(self.topics)), dtype=np.float32)
        tiers = np.zeros((len(texts), len(self.tiers)), dtype=np.float32)
        # Batches of like length waste no time on padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), BATCH):
            indices = order[start : start + BATCH]
            encodings = self._tokenizer.encode_batch([mended[index] for index in indices])
            topic_scores, tier_scores = self._session.run(
                ["topics", "tiers"],
                {
                    "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
                    "attention_mask": np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64),
                },
            )
            topics[indices], tiers[indices] = _softmax(topic_scores), _softmax(tier_scores)
        return Reading(topics, tiers)


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The reader of data/reader, loaded once in a process. Raises ReaderError."""
    return Reader(READER)
