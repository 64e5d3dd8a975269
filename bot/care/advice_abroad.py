"""What a flagged message gets in its own language, where domain.yml has it. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence

from bot.care.language import OTHER
from bot.triage.tier import Tier

# Advice that says all there is to say, by the English responses it stands for.
_WHOLE = {
    "utter_call_crisis": "utter_crisis",
    "utter_call_crisis_now": "utter_crisis",
    "utter_again_crisis": "utter_crisis",
    "utter_urgent_mood": "utter_crisis",
    "utter_call_poison": "utter_poison",
    "utter_again_poison": "utter_poison",
    "utter_urgent_poison": "utter_poison",
    "utter_vet": "utter_pet",
    "utter_vet_again": "utter_pet",
}
# What is to be done besides.
_BESIDE = {
    "utter_call_eye": "utter_rinse",
    "utter_urgent_eye": "utter_rinse",
    "utter_do_allergy": "utter_pen",
    "utter_do_bleeding": "utter_press",
    "utter_do_stop_minoxidil": "utter_stop_minoxidil",
    "utter_dont_stop_minoxidil": "utter_stop_minoxidil",
    "utter_dont_pregnancy": "utter_stop_minoxidil",
}


def advice_in(language: str | None, said: Sequence[str], tier: Tier, wording: Container[str]) -> list[str]:
    """The responses in `language` for what `said` says in English, in order; empty where there are none.

    `said` are the keys of `escalation_keys`; `wording` are the keys there are.
    """
    if language is None or language == OTHER:
        return []
    whole = [_WHOLE[key] for key in said[:1] if key in _WHOLE]
    general = [f"utter_{tier.label}" if tier >= Tier.URGENT else "utter_language"]
    # A pet's advice stands first, and a person's below it.
    people = whole == ["utter_pet"] and any(key.startswith("utter_urgent") for key in said)
    beside = list(dict.fromkeys(_BESIDE[key] for key in said if key in _BESIDE))
    wanted = [*whole, *general] if people else whole or [*general, *beside]
    found = [key for name in wanted if (key := f"{name}_{language}") in wording]
    return found or [key for name in general if (key := f"{name}_{language}") in wording]
