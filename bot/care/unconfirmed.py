"""Says so where an answer lacks a figure or a stance because no clinician has approved it yet."""

from __future__ import annotations

from dataclasses import replace

from bot.care.asking import Answer, Asking
from bot.care.plan import RULES
from bot.care.values import Values

# A figure beside the point of its answer: what to watch for is said all the same, without the clinic's own hours.
_ASIDES = {"worse_after_h"}
# Answers that state where the clinic stands, and which stance that is.
_STANCES = {
    "utter_finasteride_topical_no": "topical_finasteride",
    "utter_steroid": "topical_steroid",
    "utter_prp_not_offered": "prp_offered",
    "utter_scarring_rf": "radiofrequency_used",
    "utter_home_devices": "home_devices",
}
# Of these nothing careful is left to say, so the answer is the referral alone.
_NOTHING_ELSE = {"utter_prp_not_offered"}


def own_up(answer: Answer, asking: Asking) -> Answer:
    """The answer, led by "your clinic has not confirmed this yet" where that is why it names no figure."""
    if not asking.clinic.withheld:
        return answer
    stance = next((key for key, _ in answer.said if _stance_withheld(key, asking)), None)
    if stance in _NOTHING_ELSE:
        return replace(answer, said=(("utter_unconfirmed_ask", asking.values),), wants_time=False, go_ahead=False)
    bare = next((key for key, values in answer.said if _lacks(key, values, answer.subject, asking)), None)
    if stance is None and bare is None:
        return answer
    spoken = asking.wording.key_for(bare, dict(answer.said)[bare]) if bare else stance or ""
    refers = "phone" in asking.wording.get(spoken).fields
    lead = "utter_unconfirmed" if refers else "utter_unconfirmed_ask"
    return replace(answer, said=((lead, asking.values), *answer.said), wants_time=False)


def _stance_withheld(key: str, asking: Asking) -> bool:
    return f"stances.{_STANCES.get(key)}" in asking.clinic.withheld


def _lacks(key: str, values: Values, subject: str, asking: Asking) -> bool:
    """Whether a response is said without figures because they are withheld."""
    missing = {name for name in asking.wording.get(key).fields if values.get(name) is None} - _ASIDES
    if {"from", "wait"} & missing:
        rule = RULES.get(subject.partition("/")[2])
        missing.add(rule.key if rule and rule.key else "")
    return any(f"protocol.{name}" in asking.clinic.withheld for name in missing)
