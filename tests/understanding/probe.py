"""Runs in Rasa's environment (.venv-rasa) and prints what its parts do, as JSON: started by test_understanding.py."""

import itertools
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.message import Message

from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Context, Screen
from bot.understanding import gate as gates
from bot.understanding import sentence_reader as sentences
from bot.understanding import topic_classifier as topics
from bot.understanding.head import Head, both, features
from bot.understanding.pieces import LONG, pieces
from bot.understanding.reader import READER, Reader, ReaderError, Reading, load_reader
from bot.understanding.sentence_reader import READ, SentenceReader

LABELS = ["emergency", "none", "routine", "urgent"]
TOPICS = ["cost", "washing_hair", "alcohol_smoking", "greet"]


class SetHead:
    """A head that says what it is told, for each piece of a message, whose texts take the place of n-grams."""

    def __init__(self, labels: list[str], usually: str) -> None:
        self.labels = labels
        self.usually = usually
        self.said: dict[str, dict[str, float]] = {}
        self.asked: list[str] = []

    def probabilities(self, texts: list[str]) -> np.ndarray:
        self.asked += list(texts)
        rows = [{self.usually: 1.0, **self.said.get(text, {})} for text in texts]
        return np.array([[row.get(label, 0.0) / sum(row.values()) for label in self.labels] for row in rows])


class SetReader:
    """A reader that is of the same opinion as the heads."""

    def __init__(self, tiers: SetHead, topics: SetHead) -> None:
        self.tiers, self.topics = tiers.labels, topics.labels
        self._heads = (topics, tiers)

    def read(self, texts: list[str]) -> Reading:
        return Reading(*(head.probabilities(texts) for head in self._heads))


def passed(message: Message, tiers: SetHead, about: SetHead) -> Message:
    """The message after the three components, with these heads in place of trained ones."""
    reader = SetReader(tiers, about)
    sentences.features = np.array
    for module in (sentences, gates, topics):
        module.load_reader = lambda: reader
    classifier = topics.TopicClassifier(topics.TopicClassifier.get_default_config(), None, None, about)
    gate = gates.RedFlagGate(gates.RedFlagGate.get_default_config(), None, None, tiers)
    for component in (SentenceReader(), classifier, gate):
        component.process([message])
    return message


def judged(text: str, day: Any = None, about: Any = (("cost", 1.0),), **masses: float) -> dict[str, Any]:
    """A message as Rasa's dialogue sees it, where the classifier gives these masses and topics to the text."""
    tiers, topics_head = SetHead(LABELS, "none"), SetHead(TOPICS, "cost")
    tiers.said[text] = {"none": 1 - sum(masses.values()), **masses}
    topics_head.said[text] = {"cost": 0.0, **dict(about)}
    return seen(tiers, topics_head, text, day)


def seen(tiers: SetHead, about: SetHead, text: str, day: Any = None, **metadata: Any) -> dict[str, Any]:
    message = passed(Message({"text": text, "metadata": {"day": day, **metadata}}), tiers, about)
    keys = ("intent", "intent_ranking", "topics", "triage", "risk", "doubtful")
    return {"read": READ in message.data, **{key: message.get(key) for key in keys}}


def handed(text: str, day: Any, screened: Any) -> dict[str, Any]:
    """A message that the bot hands over with a verdict of its own."""
    return seen(SetHead(LABELS, "none"), SetHead(TOPICS, "cost"), text, day, screened=screened)


def known(text: str, **facts: list[str]) -> dict[str, Any]:
    """A message with what is known of the patient, and no verdict of the bot's."""
    return seen(SetHead(LABELS, "none"), SetHead(TOPICS, "cost"), text, known=facts)


def handed_as_screened() -> list[list[Any]]:
    """Messages with the bot's verdict and without: what the gate makes of either."""
    screen = Screen(load_catalogue(gates.RED_FLAGS))
    pairs = []
    for text, day in itertools.product((SIGNS, DENIED, WORD, VAGUE, EARLY), (None, 0.5, 4.0)):
        verdict = {**screen(text, Context(day=day)).as_dict(), "day": day}
        pairs.append([handed(text, day, verdict), handed(text, day, None)])
    return pairs


def settled_beside_another() -> dict[str, Any]:
    """A sign whose tier is settled, in a sentence of its own, and another sentence that is an emergency."""
    tiers = SetHead(LABELS, "none")
    text = "Got some foam in my eye, it stings. Something odd happened."
    tiers.said[text] = tiers.said["Something odd happened."] = {"none": 0.05, "emergency": 0.95}
    return seen(tiers, SetHead(TOPICS, "cost"), text)


def worst_piece() -> dict[str, Any]:
    """A sign in the middle of a long story, of which the whole says nothing."""
    tiers = SetHead(LABELS, "none")
    story = "I had a lovely session on Monday. Something odd happened in the night. The staff were so kind."
    tiers.said["Something odd happened in the night."] = {"none": 0.1, "urgent": 0.9}
    return {**seen(tiers, SetHead(TOPICS, "cost"), story), "asked": tiers.asked, "story": story}


def two_questions() -> dict[str, Any]:
    """Two questions in two sentences, of which the whole message shows one."""
    about = SetHead(TOPICS, "greet")
    text = "Hello to all of you there! How soon may I wash my hair? And may I have a beer at the match?"
    about.said[text] = {"greet": 0.0, "washing_hair": 0.9, "cost": 0.1}
    about.said["How soon may I wash my hair?"] = {"greet": 0.1, "washing_hair": 0.9}
    about.said["may I have a beer at the match"] = {"greet": 0.1, "alcohol_smoking": 0.9}
    return seen(SetHead(LABELS, "none"), about, text)


def refusal(change: str) -> str:
    """What a folder says whose network was changed, or is missing."""
    with tempfile.TemporaryDirectory() as folder:
        for file in READER.iterdir():
            shutil.copyfile(file, Path(folder) / file.name)
        network = Path(folder) / "reader.onnx"
        if change == "missing":
            network.unlink()
        else:
            network.write_bytes(network.read_bytes()[:-1])
        try:
            Reader(Path(folder))
        except ReaderError as error:
            return str(error).replace(folder, "FOLDER")
    return ""


def read_by_network() -> dict[str, Any]:
    """What the reader itself makes of plain messages."""
    reader = load_reader()
    texts = ["when can i wash my hair", "yellow pus is running out of my scalp and i have a fever", "thank you so much"]
    reading = reader.read(texts)
    return {
        "topics": [reader.topics[best] for best in reading.topics.argmax(axis=1)],
        "tiers": [reader.tiers[best] for best in reading.tiers.argmax(axis=1)],
        "sums": [float(total) for total in (*reading.topics.sum(axis=1), *reading.tiers.sum(axis=1))],
        "empty": [list(part.shape) for part in reader.read([])],
    }


def head_again() -> dict[str, Any]:
    """A head that was trained, kept and read again says the same."""
    texts = ["pus", "green pus", "hello", "hi there", "how much is it", "what does it cost"]
    head = Head.fit(texts, ["urgent", "urgent", "greet", "greet", "cost", "cost"], 3.0, balanced=True)
    with tempfile.TemporaryDirectory() as folder:
        head.save(Path(folder) / "head.npz")
        again = Head.load(Path(folder) / "head.npz")
    before, after = (each.probabilities(features(texts)) for each in (head, again))
    return {
        "same": bool(np.allclose(before, after)),
        "sums": [float(total) for total in after.sum(axis=1)],
        "best": [again.labels[index] for index in after.argmax(axis=1)],
    }


def opinions() -> list[list[float]]:
    """Two opinions that do not know all of each other's labels."""
    head, reader = np.array([[0.2, 0.2, 0.6]]), np.array([[0.5, 0.5]])
    return both(["cost", "greet", "new"], head, ["gone", "cost"], reader).round(4).tolist()


VAGUE = "the place behind my parting"
OFF = "something is off"
WORD = "my stylist about had a seizure when i said no colour"
SIGNS = "green pus runs down my scalp and my temperature is 39 degrees"
DENIED = "no pus at all, all fine"
EARLY = "small scabs and a bit of swelling on my forehead"  # expected in the first two days
GIVEN = {
    "tier": "urgent",
    "signs": [
        {
            "id": "infection",
            "tier": "urgent",
            "advice": "infection",
            "start": 0,
            "end": 9,
            "evidence": "something",
            "raised_by": [],
            "source": "s",
            "layer": "catalogue",
        }
    ],
    "lowered": [],
    "day": 1.0,
}
ENDLESS = " ".join(f"word{number}" for number in range(100))

if __name__ == "__main__":
    # Before `passed` puts its own reader in place.
    result = {
        "long": LONG,
        "pieces": {text: pieces(text) for text in json.load(sys.stdin)},
        "endless": [ENDLESS, pieces(ENDLESS)],
        "head": head_again(),
        "network": read_by_network(),
        "opinions": opinions(),
        "changed": refusal("changed"),
        "missing": refusal("missing"),
        "raised": judged(VAGUE, urgent=0.5),
        "emergency": judged(VAGUE, emergency=0.6),
        "together": judged(VAGUE, urgent=0.2, emergency=0.2),
        "routine": judged(VAGUE, routine=0.5),
        "nothing": judged(VAGUE),
        "doubt": judged(VAGUE, routine=0.25),
        "off": judged(OFF),
        "two_signs": judged(SIGNS, day=4),
        "surer": judged(SIGNS, day=4, emergency=0.9),
        "alone": judged(WORD, day=4),
        "supported": judged(WORD, day=4, urgent=0.25),
        "denied": judged(DENIED, day=4, urgent=0.45),
        "denied_but_sure": judged(DENIED, day=4, urgent=0.9),
        "blank": judged("   "),
        "piece": worst_piece(),
        "flagged": judged(SIGNS, day=4, about=(("washing_hair", 0.95), ("cost", 0.05))),
        "harmless": judged("can i wash it and have a beer", about=(("washing_hair", 0.6), ("alcohol_smoking", 0.4))),
        "two": two_questions(),
        "button": judged("/affirm", emergency=0.9),
        "handed": handed(VAGUE, 1.5, GIVEN),
        "handed_of_another_day": handed(VAGUE, 4.0, GIVEN),
        "handed_as_screened": handed_as_screened(),
        "settled": judged("got some foam in my eye, it stings", emergency=0.95),
        "settled_beside_another": settled_beside_another(),
        "known_risk": known("temp is 38.2", risk_factors=["immunosuppression"], signs=[]),
        "open_sign": known("one on the eyelid too", risk_factors=[], signs=["herpes"]),
    }
    print(json.dumps(result))
