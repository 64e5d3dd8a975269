"""What a text means: the tuned encoder with its two heads, topics and tiers (data/reader), checked before use."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Iterator, List, NamedTuple, Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

READER = Path(__file__).resolve().parents[2] / "data" / "reader"
MAX_TOKENS = 128
BATCH = 32
PADDING = 1.3  # how much longer than its shortest the longest text of a batch may be


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
        # A second thread makes a message no faster, and while it waits for work it takes a core from the others.
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def read(self, mended: List[str]) -> Reading:
        """What texts in plain spelling are about, and how soon a clinician must see who wrote them."""
        topics = np.zeros((len(mended), len(self.topics)), dtype=np.float32)
        tiers = np.zeros((len(mended), len(self.tiers)), dtype=np.float32)
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(mended)]
        for indices in _batches([len(row) for row in rows]):
            longest = len(rows[indices[-1]])
            ids, mask = np.zeros((2, len(indices), longest), dtype=np.int64)
            for place, index in enumerate(indices):
                ids[place, : len(rows[index])] = rows[index]
                mask[place, : len(rows[index])] = 1
            scores = self._session.run(["topics", "tiers"], {"input_ids": ids, "attention_mask": mask})
            topics[indices], tiers[indices] = map(_softmax, scores)
        return Reading(topics, tiers)


def _batches(lengths: Sequence[int]) -> Iterator[List[int]]:
    """Indices of texts of like length, which waste little time on padding, the shortest first."""
    batch: List[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == BATCH or lengths[index] > PADDING * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The reader of data/reader, loaded once in a process. Raises ReaderError."""
    return Reader(READER)
