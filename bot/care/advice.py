"""What a flagged message gets: which responses, with which values, in which order. Pure.

An emergency's first words are the call to make. Urgent names the same-day route that is open now, what not to do, and
what would make it an emergency. Routine names the day by which the team answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.care.clinic import Clinic
from bot.care.hours import is_open
from bot.care.values import Values, clinic_values, due_value
from bot.triage.tier import Tier
from bot.triage.verdict import Sign, Verdict

Said = list[tuple[str, Values]]

# The call that comes first, by advice; everything else calls the emergency number. Most pressing first.
_CALLS = {"crisis": "utter_call_crisis", "poison": "utter_call_poison", "eye": "utter_call_eye"}
_DO = {
    "allergy": "utter_do_allergy",
    "collapse": "utter_do_collapse",
    "sepsis": "utter_do_sepsis",
    "fever": "utter_do_sepsis",
    "lidocaine": "utter_do_lidocaine",
    "poison": "utter_do_poison",
    "bleeding": "utter_do_bleeding",
    "stop_minoxidil": "utter_do_stop_minoxidil",
    "infection": "utter_do_infection",
    "worse": "utter_do_infection",
    "eye": "utter_do_eye",
    "burn": "utter_do_burn",
    "herpes": "utter_do_herpes",
    "crisis": "utter_do_crisis",
    "mood": "utter_do_crisis",
}
_DONT = {
    "infection": "utter_dont_infection",
    "sepsis": "utter_dont_infection",
    "fever": "utter_dont_fever",
    "worse": "utter_dont_worse",
    "herpes": "utter_dont_herpes",
    "allergy": "utter_dont_allergy",
    "stop_minoxidil": "utter_dont_stop_minoxidil",
    "collapse": "utter_dont_stop_minoxidil",
    "blood_exposure": "utter_dont_blood_exposure",
    "needle": "utter_dont_needle",
    "burn": "utter_dont_burn",
    "bleeding": "utter_dont_bleeding",
    "eye": "utter_dont_eye",
    "pregnancy": "utter_dont_pregnancy",
    "poison": "utter_dont_poison",
    "mood": "utter_dont_mood",
    "crisis": "utter_dont_mood",
}
_DANGER = {
    "infection": "utter_danger_infection",
    "sepsis": "utter_danger_infection",
    "fever": "utter_danger_infection",
    "worse": "utter_danger_infection",
    "needle": "utter_danger_infection",
    "stop_minoxidil": "utter_danger_heart",
    "collapse": "utter_danger_heart",
    "allergy": "utter_danger_allergy",
    "bleeding": "utter_danger_bleeding",
    "eye": "utter_danger_eye",
    "herpes": "utter_danger_herpes",
    "poison": "utter_danger_poison",
    "mood": "utter_danger_mood",
    "crisis": "utter_danger_mood",
    "blood_exposure": "utter_danger_unwell",
    "pregnancy": "utter_danger_unwell",
}
_ROUTINE = {"pregnancy": "utter_routine_pregnancy", "mood": "utter_routine_mood", "crisis": "utter_routine_mood"}
_OPENING = {
    "mood": "utter_urgent_mood",
    "crisis": "utter_urgent_mood",
    "poison": "utter_urgent_poison",
    "eye": "utter_urgent_eye",
}
# What must be repeated even in the shorter, second reply: acts that help only now.
_ACTS = ("poison", "eye", "blood_exposure", "stop_minoxidil", "mood", "crisis")
_MOST_DONTS = 2


def escalation_keys(verdict: Verdict, clinic: Clinic, now: datetime, *, again: bool = False) -> Said:
    """The responses for a flagged message, in order, each with its values; they read as one message.

    `now` is aware. `again`: a case of at least this tier is open already, so the reply is shorter and firmer.
    Advice that nobody wrote words for falls back to the tier's general text. Empty for tier none.
    """
    values = clinic_values(clinic, now) | due_value(clinic, verdict.tier, now)
    advice = [sign.advice for sign in verdict.signs if sign.tier is verdict.tier]
    match verdict.tier:
        case Tier.EMERGENCY:
            planned = any(sign.raised_by for sign in verdict.signs if sign.advice == "crisis")
            keys = _emergency_again(advice) if again else _emergency(advice, planned=planned)
        case Tier.URGENT:
            keys = _urgent(verdict.signs, clinic, now, again=again)
        case Tier.ROUTINE:
            keys = ["utter_routine_again"] if again else [_first(_ROUTINE, advice, "utter_routine"), "utter_routine_watch"]
        case _:
            keys = []
    return [(key, values) for key in keys]


def route_key(clinic: Clinic, now: datetime) -> str:
    """The same-day route that is open at `now`."""
    return "utter_route_open" if is_open(clinic, now) else "utter_route_closed"


def _emergency(advice: list[str], *, planned: bool) -> list[str]:
    keys = [_call(advice)]
    if planned and keys == ["utter_call_crisis"]:
        keys = ["utter_call_crisis_now"]
    done = dict.fromkeys(_DO[name] for name in _by_need(advice, _DO))
    keys += list(done)[:_MOST_DONTS] or ["utter_do_emergency"]
    keys.append("utter_told_clinic_crisis" if keys[0].startswith("utter_call_crisis") else "utter_told_clinic_now")
    return keys


def _emergency_again(advice: list[str]) -> list[str]:
    call = _call(advice)
    return [{"utter_call_crisis": "utter_again_crisis", "utter_call_poison": "utter_again_poison"}.get(call, "utter_again_emergency")]


def _call(advice: list[str]) -> str:
    """The special line only where every emergency sign is of its kind; otherwise the emergency number."""
    kinds = {"crisis" if name == "mood" else name for name in advice}
    if len(kinds) == 1:
        return _CALLS.get(kinds.pop(), "utter_call_emergency")
    return "utter_call_emergency"


def _urgent(signs: Iterable[Sign], clinic: Clinic, now: datetime, *, again: bool) -> list[str]:
    advice = [sign.advice for sign in signs if sign.tier is Tier.URGENT]
    people = [name for name in advice if name != "vet"]
    vet = ["utter_vet_again" if again else "utter_vet"] if "vet" in advice else []
    if vet and not people:
        return [*vet, "utter_told_team"]
    danger = _first(_DANGER, people, "utter_danger_general")
    if again:
        acts = [_DONT[name] for name in _by_need(people, _ACTS)][:1]
        return [*vet, "utter_urgent_again", route_key(clinic, now), *acts, danger]
    donts = dict.fromkeys(_DONT[name] for name in _by_need(people, _DONT))
    return [
        *vet,
        _first(_OPENING, people, "utter_urgent"),
        route_key(clinic, now),
        "utter_told_team",
        *(list(donts)[:_MOST_DONTS] or ["utter_dont_general"]),
        danger,
    ]


def _by_need(advice: Iterable[str], order: Iterable[str]) -> list[str]:
    """The known advice, most pressing first as the table lists it."""
    given = set(advice)
    return [name for name in order if name in given]


def _first(table: dict[str, str], advice: list[str], otherwise: str) -> str:
    known = _by_need(advice, table)
    return table[known[0]] if known else otherwise
