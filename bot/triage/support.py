"""Words that mean a sign in one sentence and nothing in another: alone they need the classifier's support.

"Blind", "infected" or "unconscious" are how people report an emergency and how they talk of spectacles, laptops and
bias courses. Where a verdict rests on one or two such words alone, and the classifier, which reads the whole sentence,
finds it harmless too, the patient is asked about signs instead of being sent to hospital. Pus, a temperature, a wish to
die and most other signs need no support, and where the classifier cannot be asked nothing is lowered.
"""

from __future__ import annotations

from bot.triage.tier import Tier
from bot.triage.verdict import Lowered, Sign, Verdict

WORDS = 2  # evidence longer than this says enough by itself
REASON = "word_alone"
# Signs whose one or two words, alone, meant them in fewer than four of five of our training messages
# (docs/decisions/0002).
AMBIGUOUS = frozenset(
    {
        "anaphylaxis",
        "cellulitis",
        "chest_pain",
        "collapse",
        "eye_emergency",
        "hot_swollen",
        "ingestion",
        "minoxidil_absorption",
        "seizure",
        "sepsis",
        "shared_needle",
        "worse_after_day_2",
    }
)


def needs_support(verdict: Verdict) -> bool:
    """Whether a verdict is urgent or worse on the strength of one short piece of evidence only."""
    signs = [sign for sign in verdict.signs if sign.tier >= Tier.URGENT]
    return len(signs) == 1 and _is_short(signs[0])


def without_support(verdict: Verdict) -> Verdict:
    """The verdict with its unsupported sign lowered, for the reason that a word stood alone."""
    kept = [sign for sign in verdict.signs if sign.tier < Tier.URGENT]
    gone = [
        Lowered(sign.id, sign.tier, sign.start, sign.end, sign.evidence, REASON)
        for sign in verdict.signs
        if sign.tier >= Tier.URGENT
    ]
    return Verdict.of(kept, [*verdict.lowered, *gone])


def _is_short(sign: Sign) -> bool:
    return sign.id in AMBIGUOUS and not sign.raised_by and len(sign.evidence.split()) <= WORDS
