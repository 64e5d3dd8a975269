"""What a flagged message gets, for every sign of the catalogue, at every tier, open and closed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from bot.care.advice import escalation_keys
from bot.care.advice_tables import DO, DONT, KIND
from bot.care.clinic import Clinic
from bot.care.wording import Wording
from bot.triage.tier import Tier
from bot.triage.verdict import Sign, Verdict
from tests.care.conftest import ROOT

OPEN = datetime(2025, 6, 13, 13, tzinfo=UTC)  # a Friday, 14:00 in London
CLOSED = datetime(2025, 6, 13, 20, tzinfo=UTC)
CATALOGUE = [
    (sign["id"], sign["advice"])
    for name in ("emergency", "urgent", "routine", "vet")
    for sign in yaml.safe_load((ROOT / f"data/red_flags/{name}.yml").read_text())
]
ADVICE = (
    "emergency", "sepsis", "collapse", "lidocaine", "poison", "crisis", "bleeding", "eye", "infection", "fever",
    "herpes", "allergy", "stop_minoxidil", "blood_exposure", "needle", "burn", "pregnancy", "mood", "vet", "worse",
    "routine", "urgent", "stop_finasteride", "never_heard_of",
)  # fmt: skip


def verdict(tier: Tier, *signs: tuple[str, str], raised_by: tuple[str, ...] = ()) -> Verdict:
    return Verdict(tier, tuple(Sign(i, tier, a, 0, 0, "", raised_by, "K") for i, a in signs), ())


def said(clinic: Clinic, wording: Wording, of: Verdict, now: datetime = OPEN, *, again: bool = False) -> str:
    keys = escalation_keys(of, clinic, now, again=again)
    return " ".join(wording.render(key, **values) for key, values in keys)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("now", [OPEN, CLOSED])
@pytest.mark.parametrize("tier", [Tier.ROUTINE, Tier.URGENT, Tier.EMERGENCY])
@pytest.mark.parametrize(("sign", "advice"), [*CATALOGUE, *((f"x_{name}", name) for name in ADVICE)])
def test_every_sign_has_words_at_every_tier(
    clinic: Clinic, wording: Wording, sign: str, advice: str, tier: Tier, now: datetime, again: bool
) -> None:
    text = said(clinic, wording, verdict(tier, (sign, advice)), now, again=again)
    assert text
    assert len(text.split()) <= 110


@pytest.mark.parametrize(("sign", "advice"), [*CATALOGUE, *((f"x_{name}", name) for name in ADVICE)])
def test_an_emergency_begins_with_the_call(clinic: Clinic, wording: Wording, sign: str, advice: str) -> None:
    text = said(clinic, wording, verdict(Tier.EMERGENCY, (sign, advice)))
    first = text.split(".")[0]
    assert text.startswith("Call ") or text.startswith("Rinse the eye now")
    numbers = ("999", "111", "116 123")
    assert any(number in first for number in numbers) or "Rinse" in first
    assert "I've told the clinic" in text


def test_a_tier_alone_still_has_words(clinic: Clinic, wording: Wording) -> None:
    assert said(clinic, wording, Verdict(Tier.EMERGENCY, (), ())).startswith("Call 999 now")
    assert "looked at today" in said(clinic, wording, Verdict(Tier.URGENT, (), ()))
    assert escalation_keys(Verdict(Tier.NONE, (), ()), clinic, OPEN) == []


def test_urgent_names_the_route_that_is_open(clinic: Clinic, wording: Wording) -> None:
    pus = verdict(Tier.URGENT, ("pus", "urgent"))
    assert "call the clinic now: 020 7946 0857 (open until 18:00)" in said(clinic, wording, pus, OPEN)
    closed = said(clinic, wording, pus, CLOSED)
    assert "please call 111" in closed
    assert "020 7946 0857" not in closed


@pytest.mark.parametrize("sign", ["pus", "cellulitis", "worse_after_day_2"])
def test_infection_says_what_not_to_do_and_when_it_is_an_emergency(clinic: Clinic, wording: Wording, sign: str) -> None:
    text = said(clinic, wording, verdict(Tier.URGENT, (sign, "urgent")))
    for words in ("squeeze", "minoxidil", "painkiller to hide a fever", "Call 999 at once"):
        assert words in text


def test_self_harm_gets_the_crisis_line_and_human_words(clinic: Clinic, wording: Wording) -> None:
    text = said(clinic, wording, verdict(Tier.EMERGENCY, ("self_harm", "crisis")))
    assert text.startswith("Call 116 123 (Samaritans")
    assert "glad you told me" in text


def test_a_plan_or_method_puts_the_emergency_number_first(clinic: Clinic, wording: Wording) -> None:
    text = said(clinic, wording, verdict(Tier.EMERGENCY, ("self_harm", "crisis"), raised_by=("plan",)))
    assert text.startswith("Call 999 now")
    assert "116 123" in text


def test_swallowed_and_unwell_calls_the_emergency_number(clinic: Clinic, wording: Wording) -> None:
    well = verdict(Tier.EMERGENCY, ("ingestion", "poison"))
    unwell = verdict(Tier.EMERGENCY, ("ingestion", "poison"), ("collapse", "emergency"))
    assert said(clinic, wording, well).startswith("Call 111 (poison line) now")
    assert said(clinic, wording, unwell).startswith("Call 999 now")


def test_a_pet_gets_the_vet_and_not_the_clinic(clinic: Clinic, wording: Wording) -> None:
    text = said(clinic, wording, verdict(Tier.URGENT, ("pet_exposure", "vet")), CLOSED)
    assert text.startswith("Call a vet or 01202 509000")
    assert "NHS" not in text


def test_a_pet_and_a_person_both_get_their_help(clinic: Clinic, wording: Wording) -> None:
    text = said(clinic, wording, verdict(Tier.URGENT, ("pet_exposure", "vet"), ("pus", "urgent")))
    assert "vet" in text
    assert "call the clinic now" in text


def test_low_mood_is_asked_straight_out(clinic: Clinic, wording: Wording) -> None:
    assert "thoughts of ending your life?" in said(
        clinic, wording, verdict(Tier.URGENT, ("low_mood", "stop_finasteride"))
    )


def test_routine_names_the_day_and_what_to_watch_for(clinic: Clinic, wording: Wording) -> None:
    text = said(clinic, wording, verdict(Tier.ROUTINE, ("shedding", "routine")))
    assert "by Tuesday 17 June" in text
    assert "gets worse" in text


def test_a_repeated_flag_is_shorter(clinic: Clinic, wording: Wording) -> None:
    for tier in (Tier.ROUTINE, Tier.URGENT, Tier.EMERGENCY):
        pus = verdict(tier, ("pus", "urgent"))
        assert len(said(clinic, wording, pus, again=True)) < len(said(clinic, wording, pus))


def test_every_sign_of_the_catalogue_has_advice_of_its_own_kind() -> None:
    general = {"stroke"} | {i for i, advice in CATALOGUE if advice == "routine"}
    for sign, advice in CATALOGUE:
        kind = KIND.get(sign, {"stop_finasteride": "mood"}.get(advice, advice))
        assert sign in general or kind == "vet" or kind in DO or kind in DONT, sign
