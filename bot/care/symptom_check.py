"""The symptom check, asked where a message lies between tiers: what it asks about, how far it has come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import reduce
from typing import Literal

from bot.care.answered import answered
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Sign, Verdict

Item = Literal["fever", "spreading", "pus", "breathing"]
Step = Literal["asked", "reminded", "unclear", "yes", "lapsed", "denied"]
UNSEEN = "unseen"  # told instead of a step where the message was written before the check

# In the order in which the check lists them.
ITEMS: Mapping[Item, Tier] = {
    "fever": Tier.URGENT,
    "spreading": Tier.URGENT,
    "pus": Tier.URGENT,
    "breathing": Tier.EMERGENCY,
}
# Steps that wait for an answer. `unclear` and `yes` have asked which one it is, after an answer that could not be
# read and after a yes; `lapsed` has gone to the staff unanswered; `denied` was answered with none.
OPEN: frozenset[Step] = frozenset({"asked", "reminded", "unclear", "yes"})
QUIET = timedelta(hours=12)  # how long after a denial, or a check left unanswered, mere doubt asks nothing again

UNANSWERED = Sign("check_unanswered", Tier.ROUTINE, "routine", 0, 0, "", (), "house", "silence")
YES_ALONE = answered("infection", Tier.URGENT)  # a yes that does not say to what


def verdict_of(items: Iterable[Item]) -> Verdict:
    """The verdict of a yes to some of the items."""
    return reduce(Verdict.merge, (answered(item, ITEMS[item]) for item in items), NO_RISK)
