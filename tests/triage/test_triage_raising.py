"""What lifts a sign one tier, and what does not: section 3 of the clinical facts."""

import pytest

from bot.triage import Context, Screen, Tier

NONE, ROUTINE, URGENT, EMERGENCY = Tier


@pytest.mark.parametrize(
    ("text", "tier", "raiser"),
    [
        ("a few spots on my scalp", ROUTINE, None),
        ("a few spots on my scalp and i am diabetic", URGENT, "diabetes"),
        ("a few spots on my scalp, i'm not diabetic", ROUTINE, None),
        ("a few spots on my scalp and a swollen gland in my neck", URGENT, "two_signs"),
        ("12 days now, some brown spots where the needle was, i have dark skin", ROUTINE, None),
        ("a few spots on my scalp, used a roller at home", URGENT, "home_device"),
        ("fever and the redness is spreading", EMERGENCY, "hot_spreading"),
        ("shivering and the redness is spreading", EMERGENCY, "hot_spreading"),
        ("38.5 and i am on chemo", EMERGENCY, "immunosuppression"),
        ("cold sore blisters near my eye", EMERGENCY, "eye"),
        ("heart racing on minoxidil, i have a stent", EMERGENCY, "heart_disease"),
        ("my toddler has pus on her scalp", EMERGENCY, "child"),
        ("pus, and we are on a boat with no doctor", EMERGENCY, "no_help"),
        ("pus and dizzy on minoxidil", URGENT, None),
        ("i have kids and my scalp is oozing", URGENT, None),
        ("i am diabetic and there is pus", URGENT, None),
    ],
)
def test_raising_follows_the_facts(screen: Screen, text, tier, raiser):
    verdict = screen(text)
    assert verdict.tier == tier
    raised_by = {name for sign in verdict.signs for name in sign.raised_by}
    assert (raiser in raised_by) if raiser else not raised_by


@pytest.mark.parametrize(
    ("text", "factor", "tier"),
    [
        ("a few spots on my scalp", "diabetes", URGENT),
        ("a few spots on my scalp", "pregnancy", URGENT),
        ("a few spots on my scalp", "anticoagulant", URGENT),
        ("temp 38.5", "immunosuppression", EMERGENCY),
        ("heart racing after the foam", "heart_disease", EMERGENCY),
        ("there is pus", "child", EMERGENCY),
        ("can i book", "diabetes", NONE),
        ("when can i wash my hair", "pregnancy", NONE),
    ],
)
def test_known_risk_factors_raise_a_sign_but_never_make_one(screen: Screen, text, factor, tier):
    assert screen(text, Context(risk_factors=frozenset({factor}))).tier == tier


def test_a_stated_plan_is_named_on_a_self_harm_sign(screen: Screen):
    sign = screen("i want to die, i have saved up my pills").signs[0]
    assert (sign.id, sign.tier, sign.advice, sign.raised_by) == ("self_harm", EMERGENCY, "crisis", ("plan",))
