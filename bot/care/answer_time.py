"""Answers that depend on the patient's own times: not before when, and whether a proposed time fits."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from bot.care.asking import Answer, Asking
from bot.care.insisting import insistence
from bot.care.local_time import later_side, say_instant
from bot.care.plan import RULES
from bot.care.proposed_time import Proposal, parse_proposed_time
from bot.care.session_time import without_session_time
from bot.care.values import Values, activity_values

_ASKS_WHEN = re.compile(
    r"\bwhen\b|\bhow (?:long|soon|many)|\buntil\b|\bwhat time\b|\bearliest\b|\bsoonest\b|\bwie lange\b", re.IGNORECASE
)

_SAME_WAIT = re.compile(
    r"\b(?:also|same|too|as well)\b[^.?!]*?\b(?P<n>\d+)\b(?! ?(?:[ap]\.?m|:|o'?clock|min|of\b))", re.IGNORECASE
)
_ASKS_TO_CONFIRM = re.compile(
    r"(?P<n>\d+) ?(?:h|hrs?|hours?)\b[^.?!]*\b(?:right|correct|yes|yeah|isn'?t it|innit|no)\b ?\?", re.IGNORECASE
)


def answer_time(topic: str, activity: str, asking: Asking) -> Answer:
    """The answer about one activity of the care plan: the general rule, or the patient's own time when it is known."""
    plan = asking.plan
    act = plan[activity]
    stem = RULES[activity].topic
    subject = f"{topic}/{activity}"
    values = asking.values | activity_values(act, plan, asking.clinic)
    name = asking.wording.render(f"utter_activity_{activity}", **values)
    values["activity"] = name[:1].lower() + name[1:]
    if act.allowed_from is None:
        insisted = insistence(asking.text)
        lead = [(insisted, values)] if insisted and act.wait_h else []
        wants_time = asking.treatment is None and asking.coming is None and bool(act.wait_h)
        said = (*lead, (stem, values), *_from_coming(act.wait_h, asking))
        return Answer(said, subject, wants_time, go_ahead=act.allowed is True)
    if act.allowed:
        return Answer((*_other_wait(asking, values), (f"{stem}_ok", values)), subject, go_ahead=True)
    words = without_session_time(asking.text, asking.now, asking.clinic.tz)
    proposal = parse_proposed_time(words, asking.now, asking.clinic.tz)
    if proposal is not None and not proposal.exact and _ASKS_WHEN.search(words):
        return Answer(((f"{stem}_not_yet", values),), subject)
    allowed_from = later_side(act.allowed_from, coarse=plan.vague)
    if proposal is not None and proposal.latest >= allowed_from:
        key = "utter_proposal_after"
        if proposal.earliest >= allowed_from:
            key = "utter_proposal_ok" if proposal.exact else "utter_proposal_ok_by_then"
        return Answer(((key, values | _proposed(proposal, asking)),), subject, go_ahead=True)
    if proposal is not None and proposal.exact:
        return Answer((("utter_proposal_early", values | _proposed(proposal, asking)),), subject)
    return Answer((*_lead(proposal, asking, values), (f"{stem}_not_yet", values)), subject)


def _other_wait(asking: Asking, values: Values) -> list[tuple[str, Values]]:
    """Where the patient takes another wait for this one's: how long it is."""
    said = _SAME_WAIT.search(asking.text)
    return [("utter_lead_wait", values)] if said and values.get("wait") not in (None, said["n"]) else []


def _from_coming(wait_h: float | None, asking: Asking) -> list[tuple[str, Values]]:
    """What a wait comes to after a session that lies ahead, where its time is known."""
    coming = asking.coming
    if coming is None or not coming.exact or not wait_h:
        return []

    def said(at: datetime) -> str:
        return say_instant(at, asking.now, asking.clinic.tz, asking.clinic.tone.clock)

    values: Values = {"planned": said(coming.at), "from": said(coming.at + timedelta(hours=wait_h))}
    return [("utter_counted_from_planned", values)]


def _lead(proposal: Proposal | None, asking: Asking, values: Values) -> list[tuple[str, Values]]:
    insisted = insistence(asking.text)
    if insisted:
        return [(insisted, values)]
    if proposal is not None and proposal.latest.astimezone(asking.clinic.tz).date() == _today(asking):
        return [("utter_lead_not_tonight" if proposal.tonight else "utter_lead_not_today", values)]
    said = _ASKS_TO_CONFIRM.search(asking.text)
    if said is not None and values.get("wait") in said["n"].split():
        return [("utter_lead_right", values)]
    return [] if _ASKS_WHEN.search(asking.text) or not asking.text.strip() else [("utter_lead_not_yet", values)]


def _today(asking: Asking) -> object:
    return asking.now.astimezone(asking.clinic.tz).date()


def _proposed(proposal: Proposal, asking: Asking) -> Values:
    treatment, clinic = asking.treatment, asking.clinic
    said = say_instant(proposal.earliest, asking.now, clinic.tz, clinic.tone.clock)
    if treatment is None or not proposal.exact:
        return {}
    after = (proposal.earliest - treatment.ended_at).total_seconds() / 3600
    return {"proposal": said[:1].upper() + said[1:], "hours_after": str(math.floor(after))}
