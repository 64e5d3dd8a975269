"""What was said before in the same conversation is said shorter: the time, without the advice around it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.care.asking import Answer
from bot.care.local_time import say_wait
from bot.care.plan import RULES, CarePlan
from bot.care.values import Values

_REMEMBERED = 8  # answers


def told(answer: Answer) -> str:
    """What the conversation remembers of an answer: what it was about, and which response it ended with."""
    return f"{answer.subject}={answer.keys[-1]}"


def remembered(before: Sequence[str], answers: Sequence[Answer]) -> list[str]:
    """The last answers, newest last."""
    now = [told(answer) for answer in answers]
    return [*(one for one in before if one not in now), *now][-_REMEMBERED:]


def shortened(answer: Answer, before: Sequence[str], plan: CarePlan) -> Answer:
    """The answer, short where the same was told before and has a time to give; its lead stays."""
    activity = answer.subject.partition("/")[2]
    if activity not in RULES or told(answer) not in before:
        return answer
    *lead, (key, values) = answer.said
    stem, wait = RULES[activity].topic, plan[activity].wait_h
    name = str(values.get("activity") or "")
    mine: Values = values | {"activity_cap": name[:1].upper() + name[1:], "wait": say_wait(wait) if wait else None}
    short = {f"{stem}_not_yet": "utter_again_not_yet", f"{stem}_ok": "utter_again_ok", stem: "utter_again"}.get(key)
    if short and not RULES[activity].must_hold and activity != "washing":
        short += "_plain"
    needed = {"utter_again_not_yet": "from", "utter_again": "wait"}.get((short or "").removesuffix("_plain"))
    if short is None or not name or (needed and mine.get(needed) is None):
        return answer
    return replace(answer, said=(*lead, (short, mine)))
