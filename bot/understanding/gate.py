"""The red-flag gate: both layers of triage, one verdict. A flagged message's intent becomes a report."""

from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Text, Tuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.care.language import language_of
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Context, Screen
from bot.triage.support import REASON, clause_of, needs_support, without_support
from bot.triage.talk import is_harmless_talk, is_order
from bot.triage.tier import Tier
from bot.triage.vague import sounds_off
from bot.triage.verdict import NO_RISK, Sign, Verdict
from bot.understanding.head import Head, both
from bot.understanding.pieces import candidates
from bot.understanding.reader import load_reader
from bot.understanding.sentence_reader import READ, Read, read_texts

RED_FLAGS = Path(__file__).resolve().parents[2] / "data" / "red_flags"
REPORTS = {Tier.EMERGENCY: "report_emergency", Tier.URGENT: "report_urgent", Tier.ROUTINE: "report_concern"}
# Topics of talk about the talk itself; a mere concern that the classifier alone reads in them is none of a clinician's.
TALK = {"privacy_request", "anger", "bot_identity", "book_or_human", "out_of_scope"}
SURELY_TALK = 0.3  # of the topic
HARDLY_RISK = 0.4  # mass above none
WHAT_I_AM = {"name": "bot_identity", "confidence": 1.0}  # what an order to the machine is answered with
MODEL_FILE = "tiers.npz"
STRENGTH = 5.0


class Risk(NamedTuple):
    """The classifier's worst reading of a message: of which text, the tier it comes to, and the probabilities of
    anything above none and of urgent or emergency."""

    text: Text
    tier: Tier
    any: float
    urgent: float

    def as_dict(self) -> Dict[Text, float]:
        """The probabilities, JSON-safe."""
        return {"any": self.any, "urgent": self.urgent}


NOTHING_READ = Risk("", Tier.NONE, 0.0, 0.0)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagGate(IntentClassifier, GraphComponent):
    """Adds `triage` (a verdict), `risk` and `doubtful` to each message and overrides the intent of flagged ones."""

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, head: Optional[Head]
    ) -> None:
        """Rasa makes it through `create` or `load`."""
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._head = head
        self._screen = Screen(load_catalogue(RED_FLAGS))

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Thresholds are probabilities; how they were chosen stands in docs/decisions."""
        return {
            "emergency": 0.36,  # mass of emergency at which the classifier alone calls one
            "urgent": 0.3,  # mass of urgent and emergency together
            "each": 0.15,  # the same mass, as each of the two, reader and head, must see it at least
            "routine": 0.33,  # mass of everything above none
            "denied": 0.6,  # the urgent threshold where the screen saw signs and each was denied, past or a figure
            "support": 0.2,  # mass above none without which a word that stands alone is asked about
            "doubt": 0.2,  # mass above none at which a harmless reading is asked about
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RedFlagGate":
        """Make an untrained gate (called by Rasa)."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "RedFlagGate":
        """Load a trained gate (called by Rasa). A model without the gate's file must not run: ValueError."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Head.load(folder / MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the tier head on every example with an intent; its tier stands in the block's metadata.

        Every piece of a harmless message is harmless too, and is learnt from as well: the gate judges pieces, and
        without these it would judge sentences torn from their story as worse than they are.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        labelled = [(example.get(TEXT), _tier_of(example)) for example in examples]
        parts = [part for text, tier in labelled if tier == Tier.NONE.label for part in candidates(text)[1:]]
        texts = [text for text, _ in labelled] + parts
        tiers = [tier for _, tier in labelled] + [Tier.NONE.label] * len(parts)
        self._head = Head.fit(texts, tiers, STRENGTH, balanced=False)
        with self._storage.write_to(self._resource) as folder:
            self._head.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing downstream learns from the gate."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Judge each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            read = message.get(READ)
            verdict, worst = (NO_RISK, NOTHING_READ) if read is None else self.judge(text, self._found(message), read)
            message.set("risk", worst.as_dict(), add_to_output=True)
            doubtful = self._is_doubtful(text, verdict, worst)
            if (doubtful or verdict.tier is Tier.ROUTINE) and _talks(message, text, verdict):
                verdict, doubtful = Verdict(Tier.NONE, (), verdict.lowered), False
            message.set("triage", verdict.as_dict(), add_to_output=True)
            message.set("doubtful", doubtful, add_to_output=True)
            if verdict.tier is Tier.NONE and is_order(text):
                message.set(INTENT, dict(WHAT_I_AM), add_to_output=True)
            if verdict.tier > Tier.NONE:
                intent = {"name": REPORTS[verdict.tier], "confidence": 1.0}
                message.set(INTENT, intent, add_to_output=True)
                ranking = [intent, *(message.get("intent_ranking") or [])]
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _found(self, message: Message) -> Verdict:
        """What the screen finds. The bot has screened what it asks about, by the same catalogue and with all it knows
        of the patient: that counts, unless it would come out otherwise by what is known now of the session."""
        context, given = _context(message), (message.get("metadata") or {}).get("screened")
        if given is not None and self._screen.agrees(given["day"], context.day):
            return Verdict.from_dict(given)
        return self._screen(message.get(TEXT) or "", context)

    def judge(self, text: Text, found: Verdict, read: Read) -> Tuple[Verdict, "Risk"]:
        """The verdict of both layers (each can raise, none lowers the other's) and the classifier's worst reading. In:
        what the screen found."""
        unsure = needs_support(found, text)
        if unsure:
            read = read_texts([*read.texts, clause_of(found, text)])
        worst = self._worst(read, found)
        if unsure and worst.any < self._config["support"]:
            return without_support(found), worst
        if worst.tier > found.tier:
            found = found.merge(Verdict(worst.tier, (_sign(text, worst),), ()))
        return found, worst

    def _is_doubtful(self, text: Text, verdict: Verdict, worst: "Risk") -> bool:
        vague = sounds_off(text)
        alone = any(low.reason == REASON for low in verdict.lowered)
        return verdict.tier is Tier.NONE and (alone or vague or worst.any >= self._config["doubt"])

    def _worst(self, read: Read, found: Verdict) -> "Risk":
        if self._head is None:
            return NOTHING_READ
        reader, head = read.reading.tiers, self._head.probabilities(read.ngrams)
        least = np.minimum(_of_urgent(load_reader().tiers, reader), _of_urgent(self._head.labels, head))
        rows = both(self._head.labels, head, load_reader().tiers, reader)
        denied = bool(found.lowered) and not found.signs
        risks = []
        for text, row, agreed in zip(read.texts, rows, least >= self._config["each"]):
            mass = {Tier.from_label(label): float(value) for label, value in zip(self._head.labels, row)}
            most = Tier.EMERGENCY if agreed else Tier.ROUTINE
            tier = min(self._tier(mass, denied), found.tier if self._screen.settles(found, text) else most)
            risks.append(Risk(text, tier, 1 - mass[Tier.NONE], mass[Tier.URGENT] + mass[Tier.EMERGENCY]))
        return max(risks, key=lambda risk: (risk.tier, risk.any))

    def _tier(self, mass: Dict[Tier, float], denied: bool) -> Tier:
        if mass[Tier.URGENT] + mass[Tier.EMERGENCY] >= self._config["denied" if denied else "urgent"]:
            return Tier.EMERGENCY if mass[Tier.EMERGENCY] >= self._config["emergency"] else Tier.URGENT
        if 1 - mass[Tier.NONE] >= self._config["routine"]:
            return Tier.ROUTINE
        return Tier.NONE


def _of_urgent(labels: List[Text], rows: np.ndarray) -> np.ndarray:
    columns = [labels.index(tier.label) for tier in (Tier.URGENT, Tier.EMERGENCY)]
    return rows[:, columns].sum(axis=1)


def _sign(text: Text, worst: Risk) -> Sign:
    start = text.find(worst.text)
    start, end = (start, start + len(worst.text)) if start >= 0 else (0, len(text))  # a joined piece is not found
    return Sign(
        id=f"classifier_{worst.tier.label}",
        tier=worst.tier,
        advice=worst.tier.label,
        start=start,
        end=end,
        evidence=text[start:end],
        raised_by=(),
        source="classifier",
        layer="classifier",
    )


def _tier_of(example: Message) -> Text:
    metadata = example.get("metadata") or {}
    return str((metadata.get("intent") or {}).get("tier", "none"))


def _talks(message: Message, text: Text, verdict: Verdict) -> bool:
    """Whether what the classifier alone takes for a concern is only talk, or in a language that it has not learnt."""
    if any(sign.layer != "classifier" for sign in verdict.signs):
        return False
    if is_harmless_talk(text) or language_of(text) is not None:
        return True
    intent, risk = message.get(INTENT) or {}, message.get("risk") or {}
    sure = intent.get("name") in TALK and intent.get("confidence", 0.0) >= SURELY_TALK
    return verdict.tier is Tier.ROUTINE and sure and risk.get("any", 1.0) < HARDLY_RISK


def _context(message: Message) -> Context:
    metadata = message.get("metadata") or {}
    known = metadata.get("known") or {}
    risks, signs = frozenset(known.get("risk_factors", ())), frozenset(known.get("signs", ()))
    return Context(day=metadata.get("day"), risk_factors=risks, signs=signs)
