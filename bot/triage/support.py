"""Words that mean a sign in one sentence and nothing in another: alone they need the classifier's support.

"Blind", "infected" or "unconscious" are how people report an emergency and how they talk of spectacles, laptops and
bias courses. Where a verdict rests on one such word alone, and the classifier finds its clause, its sentence and the
whole message harmless too, the patient is asked about signs instead of being sent to hospital. Every other sign stands
alone, and where the classifier cannot be asked nothing is lowered.
"""

from __future__ import annotations

import re

from bot.triage.tier import Tier
from bot.triage.verdict import Lowered, Sign, Verdict

REASON = "word_alone"
# Words that in our training messages, alone, meant the sign in fewer than half of the places they stood in, or that
# have an everyday sense that has nothing to do with it (docs/decisions/0002).
AMBIGUOUS = frozenset(
    {
        "anaphylactic",
        "anaphylaxis",
        "blind",
        "blood poisoning",
        "collapse",
        "cpr",
        "fitting",
        "had a stroke",
        "having a stroke",
        "heart attack",
        "heart race",
        "heart skips",
        "hot and cold",
        "infected",
        "raw",
        "seizure",
        "sepsis",
        "septic",
        "septicaemia",
        "skinned",
        "stroke",
        "unconscious",
    }
)
# Beside one of these an ambiguous word is about the patient.
_BODY = re.compile(r"\b(?:scalp|head|skin|crown|hairline|wounds?|spots?|holes?|dots?|needled|treated)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[^,.;:!?\n()]+")


def needs_support(verdict: Verdict, text: str) -> bool:
    """Whether a verdict on `text` is urgent or worse on the strength of one ambiguous word alone."""
    signs = [sign for sign in verdict.signs if sign.tier >= Tier.URGENT]
    return len(signs) == 1 and _is_ambiguous(signs[0]) and not _BODY.search(clause_of(verdict, text))


def without_support(verdict: Verdict) -> Verdict:
    """The verdict with its unsupported sign lowered, for the reason that a word stood alone."""
    kept = [sign for sign in verdict.signs if sign.tier < Tier.URGENT]
    gone = [
        Lowered(sign.id, sign.tier, sign.start, sign.end, sign.evidence, REASON)
        for sign in verdict.signs
        if sign.tier >= Tier.URGENT
    ]
    return Verdict.of(kept, [*verdict.lowered, *gone])


def clause_of(verdict: Verdict, text: str) -> str:
    """The clause of `text` that the sign in need of support stands in."""
    sign = next(sign for sign in verdict.signs if sign.tier >= Tier.URGENT)
    return next((part[0] for part in _CLAUSE.finditer(text) if part.start() <= sign.start < part.end()), text)


def _is_ambiguous(sign: Sign) -> bool:
    return not sign.raised_by and sign.evidence.lower().strip() in AMBIGUOUS
