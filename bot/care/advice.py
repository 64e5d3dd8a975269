"""What a flagged message gets: which responses, with which values, in which order. Pure.

An emergency's first words are the call to make. Urgent names the same-day route that is open now, what not to do, and
what would make it an emergency. Routine names the day by which the team answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.care.advice_tables import (
    ACTS,
    AGAIN,
    ALIASES,
    CALLS,
    DANGER,
    DO,
    DONT,
    GENERAL,
    KIND,
    MOST_DOS,
    OPENING,
    ROUTINE,
)
from bot.care.clinic import Clinic
from bot.care.hours import is_open
from bot.care.values import Values, clinic_values, due_value
from bot.triage.tier import Tier
from bot.triage.verdict import Sign, Verdict

Said = list[tuple[str, Values]]


_NOT_OF_THE_SKIN = {"utter_routine_mood", "utter_routine_complaint"}


def escalation_keys(
    verdict: Verdict, clinic: Clinic, now: datetime, *, again: bool = False, promised: datetime | None = None
) -> Said:
    """The responses for a flagged message, in order, each with its values; they read as one message.

    `now` is aware. `again`: a case of at least this tier is open already, so the reply is shorter and firmer.
    `promised`: when the open case is due.
    Advice that nobody wrote words for falls back to the tier's general text. Empty for tier none.
    """
    values = clinic_values(clinic, now) | due_value(clinic, verdict.tier, now, promised)
    advice = most_telling(verdict)
    match verdict.tier:
        case Tier.EMERGENCY:
            planned = any(sign.raised_by for sign in verdict.signs if advice_of(sign) == "crisis")
            keys = _emergency_again(advice) if again else _emergency(advice, planned=planned)
        case Tier.URGENT:
            keys = _urgent(verdict.signs, clinic, now, again=again)
        case Tier.ROUTINE:
            first = _first(ROUTINE, advice, "utter_routine")
            keys = [first] if first in _NOT_OF_THE_SKIN else [first, "utter_routine_watch"]
            keys = ["utter_routine_again"] if again else keys
        case _:
            keys = []
    return [(key, values) for key in keys]


def refusal_keys(verdict: Verdict, clinic: Clinic, now: datetime, *, promised: datetime | None = None) -> Said:
    """The responses for somebody who will not call anyone: it is their choice, and the advice once more."""
    values = clinic_values(clinic, now) | due_value(clinic, verdict.tier, now, promised)
    advice = most_telling(verdict)
    people = [name for name in advice if name != "vet"]
    if {"crisis", "mood"} & set(advice):
        keys = ["utter_refusal_crisis"]
    elif verdict.tier is Tier.EMERGENCY:
        keys = ["utter_refusal", *_emergency_again(advice), "utter_refusal_after"]
    elif not people:
        keys = ["utter_refusal", "utter_vet_again", "utter_refusal_after"]
    else:
        danger = _first(DANGER, people, "utter_danger_general")
        keys = ["utter_refusal", route_key(clinic, now), danger, "utter_refusal_after"]
    return [(key, values) for key in keys]


def advice_of(sign: Sign) -> str:
    """The kind of advice a sign calls for: by its id where the catalogue's advice only names a tier."""
    return KIND.get(sign.id) or ALIASES.get(sign.advice, sign.advice)


def most_telling(verdict: Verdict) -> list[str]:
    """The advice of the signs at the verdict's tier; where those only name their tier, of the lesser signs as well."""
    top = [advice_of(sign) for sign in verdict.signs if sign.tier is verdict.tier]
    if all(name in GENERAL for name in top):
        return top + [advice_of(sign) for sign in verdict.signs if sign.tier is not verdict.tier]
    return top


def route_key(clinic: Clinic, now: datetime) -> str:
    """The same-day route that is open at `now`."""
    return "utter_route_open" if is_open(clinic, now) else "utter_route_closed"


def _emergency(advice: list[str], *, planned: bool) -> list[str]:
    keys = [_call(advice)]
    if planned and keys == ["utter_call_crisis"]:
        keys = ["utter_call_crisis_now"]
    done = dict.fromkeys(DO[name] for name in _by_need(advice, DO))
    keys += list(done)[:MOST_DOS] or ["utter_do_emergency"]
    keys.append("utter_told_clinic_crisis" if keys[0].startswith("utter_call_crisis") else "utter_told_clinic_now")
    return keys


def _emergency_again(advice: list[str]) -> list[str]:
    return [AGAIN.get(_call(advice), "utter_again_emergency")]


def _call(advice: list[str]) -> str:
    """The special line only where every emergency sign is of its kind; otherwise the emergency number."""
    kinds = {"crisis" if name == "mood" else name for name in advice}
    if kinds - GENERAL in ({"crisis"}, {"eye"}) or len(kinds) == 1:
        kind = next(iter(kinds - GENERAL), "emergency")
        return CALLS.get(kind, "utter_call_emergency")
    return "utter_call_emergency"


def _urgent(signs: Iterable[Sign], clinic: Clinic, now: datetime, *, again: bool) -> list[str]:
    advice = [advice_of(sign) for sign in signs if sign.tier is Tier.URGENT]
    people = [name for name in advice if name != "vet"]
    vet = ["utter_vet_again" if again else "utter_vet"] if "vet" in advice else []
    if vet and not people:
        return [*vet, "utter_told_team"]
    danger = _first(DANGER, people, "utter_danger_general")
    if again:
        acts = [DONT[name] for name in _by_need(people, ACTS)][:1]
        return [*vet, _first(OPENING, people, "utter_urgent_again"), route_key(clinic, now), *acts, danger]
    return [
        *vet,
        _first(OPENING, people, "utter_urgent"),
        route_key(clinic, now),
        "utter_told_team",
        *(_donts(people) or ["utter_dont_general"]),
        danger,
    ]


def _donts(advice: list[str]) -> list[str]:
    """The most pressing don'ts, and every act that helps only now."""
    known = _by_need(advice, DONT)
    return list(dict.fromkeys(DONT[name] for name in known if name == known[0] or name in ACTS))


def _by_need(advice: Iterable[str], order: Iterable[str]) -> list[str]:
    """The known advice, most pressing first as the table lists it."""
    given = set(advice)
    return [name for name in order if name in given]


def _first(table: dict[str, str], advice: list[str], otherwise: str) -> str:
    known = _by_need(advice, table)
    return table[known[0]] if known else otherwise
