"""What a patient has said of their risks and medicines, with the words and the message they stand in.

Found by the red-flag catalogue's own patterns; medicines by the list below. It points staff to a message to read, and
claims nothing of the patient.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.store.tables import Author, Message
from bot.triage.catalogue import catalogue_of
from bot.triage.reading import read
from bot.triage.scope import is_stated

_MEDICINES = {
    "Isotretinoin": "isotretinoin|accutane|roaccutane",
    "Finasteride or dutasteride": "finasteride|propecia|proscar|dutasteride|avodart",
    "Blood thinner": "warfarin|apixaban|eliquis|rivaroxaban|xarelto|heparin|clopidogrel|dabigatran|blood thinners?",
    "Aspirin": "aspirin",
    "Ibuprofen and the like": "ibuprofen|advil|motrin|nurofen|naproxen|aleve|diclofenac|nsaids?",
    "Steroids": "prednisone|prednisolone|dexamethasone|steroids?",
    "Immune suppressant": "methotrexate|ciclosporin|cyclosporine|azathioprine|tacrolimus|biologics?",
    "Antibiotic": "antibiotics?|amoxicillin|doxycycline|flucloxacillin|cephalexin",
    "Insulin or metformin": "insulin|metformin|ozempic|semaglutide",
    "Antihistamine": "antihistamines?|cetirizine|loratadine|zyrtec|claritin|benadryl",
    "Spironolactone": "spironolactone",
}
_PATTERNS = [(name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for name, words in _MEDICINES.items()]
_CHEAP = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """One risk or medicine: its name, the patient's words, and the message they stand in first."""

    name: str
    words: str
    message_id: int


@dataclass(frozen=True)
class Facts:
    """What a patient said that matters beside the signs."""

    risks: tuple[Fact, ...]
    medicines: tuple[Fact, ...]


def facts_of(folder: Path, messages: Sequence[Message]) -> Facts:
    """The facts in a patient's own messages, each from the first message that says it. `folder`: the catalogue's."""
    risks: dict[str, Fact] = {}
    medicines: dict[str, Fact] = {}
    for message in messages:
        if message.author is not Author.PATIENT or not _CHEAP.search(message.text):
            continue
        for name, words in _risks_in(folder, message.text):
            risks.setdefault(name, Fact(name, words, message.id))
        for name, pattern in _PATTERNS:
            if found := pattern.search(message.text):
                medicines.setdefault(name, Fact(name, found[0], message.id))
    others = (fact for name, fact in medicines.items() if name not in risks)
    return Facts(tuple(risks.values()), tuple(others))


@lru_cache(maxsize=2_000)
def _risks_in(folder: Path, text: str) -> tuple[tuple[str, str], ...]:
    catalogue = catalogue_of(folder)
    message = catalogue.normaliser(text)
    if not message.tokens:
        return ()
    reading = read(message, catalogue)
    found = []
    for raiser in catalogue.raisers.values():
        if raiser.risk_factor is None:
            continue
        match = next((one for one in reading.matches(raiser.patterns) if is_stated(one, reading)), None)
        if match is not None:
            found.append((raiser.name[:1].upper() + raiser.name[1:], message.quote(match.first, match.last)[2]))
    return tuple(found)
