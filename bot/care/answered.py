"""What an answer to one of our own questions about signs stands for. Pure."""

from __future__ import annotations

import json

from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK, Sign, Verdict

# The intents of flagged messages, and of buttons that name a sign.
REPORTS = {"report_emergency": Tier.EMERGENCY, "report_urgent": Tier.URGENT, "report_concern": Tier.ROUTINE}
NOT_SAFE = "crisis_now"  # the sign of a no to "are you safe right now?"

_ADVICE = {NOT_SAFE: "crisis", "spreading": "infection", "pus": "infection", "breathing": "allergy"}


def answered(sign: str, tier: Tier) -> Verdict:
    """The verdict of a pressed button or of a yes in words: there are no words of the message to point at.

    `sign` is the button's, or names advice: infection, burn, crisis.
    """
    raised_by = ("not_safe",) if sign == NOT_SAFE else ()
    found = Sign(f"answered_{sign}", tier, _ADVICE.get(sign, sign), 0, 0, "", raised_by, "house", "answer")
    return Verdict(tier, (found,), ())


def pressed_verdict(payload: str) -> Verdict:
    """The verdict of a button by its payload, such as `/report_urgent{"sign": "pus"}`; no risk where it names none."""
    intent, brace, entities = payload.removeprefix("/").partition("{")
    sign = json.loads(brace + entities).get("sign") if entities else None
    return answered(sign, REPORTS[intent]) if sign and intent in REPORTS else NO_RISK
