"""The red-flag gate: both layers of triage, one verdict. A flagged message's intent becomes a report."""

from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Context, Screen
from bot.triage.support import REASON, clause_of, needs_support, without_support
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Sign, Verdict
from bot.understanding.head import Head, features
from bot.understanding.pieces import pieces

RED_FLAGS = Path(__file__).resolve().parents[2] / "data" / "red_flags"
REPORTS = {Tier.EMERGENCY: "report_emergency", Tier.URGENT: "report_urgent", Tier.ROUTINE: "report_concern"}
NOT_TOPICS = {*REPORTS.values(), "nlu_fallback"}
MODEL_FILE = "tiers.npz"
STRENGTH = 5.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagGate(IntentClassifier, GraphComponent):
    """Adds `triage` (a verdict) and `topics` to each message and overrides the intent of flagged ones."""

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
            "emergency": 0.4,  # mass of emergency at which the classifier alone calls one
            "urgent": 0.35,  # mass of urgent and emergency together
            "routine": 0.4,  # mass of everything above none
            "denied": 0.6,  # the urgent threshold where the screen saw signs and each was denied, past or a figure
            "support": 0.1,  # mass above none without which a word that stands alone is asked about
            "doubt": 0.2,  # mass above none at which a harmless reading is asked about
            "second_topic": 0.3,  # confidence at which a second topic of a message is answered too
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
        parts = [part for text, tier in labelled if tier == Tier.NONE.label for part in _parts(text)]
        texts = [text for text, _ in labelled] + parts
        tiers = [tier for _, tier in labelled] + [Tier.NONE.label] * len(parts)
        self._head = Head.fit(features(texts), tiers, STRENGTH, balanced=False)
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
            verdict, risk = (NO_RISK, 0.0) if text.startswith("/") else self.judge(text, _context(message))
            message.set("topics", self._topics(message), add_to_output=True)
            message.set("triage", verdict.as_dict(), add_to_output=True)
            message.set("doubtful", self._is_doubtful(verdict, risk), add_to_output=True)
            if verdict.tier > Tier.NONE:
                intent = {"name": REPORTS[verdict.tier], "confidence": 1.0}
                message.set(INTENT, intent, add_to_output=True)
                ranking = [intent, *(message.get("intent_ranking") or [])]
                message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def judge(self, text: Text, context: Context) -> Tuple[Verdict, float]:
        """The verdict of both layers (each can raise, none lowers the other's) and the classifier's mass of risk."""
        found = self._screen(text, context)
        unsure = needs_support(found, text)
        clauses = [clause_of(found, text)] if unsure else []
        sign, risk = self._classify(text, clauses, denied=bool(found.lowered) and not found.signs)
        if unsure and risk < self._config["support"]:
            return without_support(found), risk
        if sign is not None and sign.tier > found.tier:
            found = found.merge(Verdict(sign.tier, (sign,), ()))
        return found, risk

    def _is_doubtful(self, verdict: Verdict, risk: float) -> bool:
        alone = any(low.reason == REASON for low in verdict.lowered)
        return verdict.tier is Tier.NONE and (alone or risk >= self._config["doubt"])

    def _classify(self, text: Text, clauses: List[Text], denied: bool) -> Tuple[Optional[Sign], float]:
        candidates = [text, *_parts(text), *clauses] if text.strip() else []
        if self._head is None or not candidates:
            return None, 0.0
        rows = self._head.probabilities(features(candidates))
        masses = [{Tier.from_label(label): float(mass) for label, mass in zip(self._head.labels, row)} for row in rows]
        tiers = [self._tier(mass, denied) for mass in masses]
        worst = max(range(len(candidates)), key=lambda index: (tiers[index], 1 - masses[index][Tier.NONE]))
        risk = 1 - masses[worst][Tier.NONE]
        if tiers[worst] is Tier.NONE:
            return None, risk
        start, end = _span(text, candidates[worst])
        sign = Sign(
            id=f"classifier_{tiers[worst].label}",
            tier=tiers[worst],
            advice=tiers[worst].label,
            start=start,
            end=end,
            evidence=text[start:end],
            raised_by=(),
            source="classifier",
            layer="classifier",
        )
        return sign, risk

    def _tier(self, mass: Dict[Tier, float], denied: bool) -> Tier:
        if mass[Tier.URGENT] + mass[Tier.EMERGENCY] >= self._config["denied" if denied else "urgent"]:
            return Tier.EMERGENCY if mass[Tier.EMERGENCY] >= self._config["emergency"] else Tier.URGENT
        if 1 - mass[Tier.NONE] >= self._config["routine"]:
            return Tier.ROUTINE
        return Tier.NONE

    def _topics(self, message: Message) -> List[Text]:
        ranking = [entry for entry in message.get("intent_ranking") or [] if entry["name"] not in NOT_TOPICS]
        if not ranking:
            return []
        second = [entry["name"] for entry in ranking[1:2] if entry["confidence"] >= self._config["second_topic"]]
        return [ranking[0]["name"], *second]


def _parts(text: Text) -> List[Text]:
    parts = pieces(text)
    return parts if len(parts) > 1 else []


def _tier_of(example: Message) -> Text:
    metadata = example.get("metadata") or {}
    return str((metadata.get("intent") or {}).get("tier", "none"))


def _context(message: Message) -> Context:
    metadata = message.get("metadata") or {}
    return Context(day=metadata.get("day"), risk_factors=frozenset(metadata.get("risk_factors") or ()))


def _span(text: Text, piece: Text) -> Tuple[int, int]:
    start = text.find(piece)
    return (start, start + len(piece)) if start >= 0 else (0, len(text))
