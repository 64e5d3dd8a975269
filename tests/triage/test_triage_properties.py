"""Promises for any text at all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage import NO_RISK, Context, Tier, Verdict
from tests.triage.loaded import CATALOGUE, SCREEN

WORDINGS = [example.text for rule in CATALOGUE.signs.values() if rule.tier >= Tier.URGENT for example in rule.wordings]
WORDS = st.sampled_from(
    ["no", "not", "pus", "fever", ",", ".", "?", "can't", "breathe", "my", "hot", "38.5", "if", "years ago", "\n", "😭"]
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join)))
def test_no_text_breaks_the_screen_and_evidence_is_always_quoted(text):
    verdict = SCREEN(text)
    for found in (*verdict.signs, *verdict.lowered):
        assert text[found.start : found.end] == found.evidence


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(WORDINGS),
    st.sampled_from(
        ["probably nothing but {}", "{} probably nothing", "{}, it's probably nothing", "wife says it's nothing. {}"]
    ),
)
def test_reassurance_never_lowers_a_tier(text, reassured):
    assert SCREEN(reassured.format(text)).tier >= SCREEN(text).tier


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(WORDINGS),
    st.sampled_from(["Hi, sorry to bother you. {}", "{} thank you so much!", "{} lol 😂", "when can i wash? {}"]),
)
def test_politeness_jokes_and_benign_questions_never_lower_a_tier(text, around):
    assert SCREEN(around.format(text)).tier >= SCREEN(text).tier


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([text for text in WORDINGS if text.upper().lower() == text.lower()]))
def test_capitals_never_lower_a_tier(text):
    assert SCREEN(text.upper()).tier >= SCREEN(text).tier


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WORDINGS), st.sampled_from(WORDINGS))
def test_merging_keeps_the_higher_tier_and_every_sign(one, other):
    first, second = SCREEN(one), SCREEN(other)
    merged = first.merge(second)
    assert merged.tier == max(first.tier, second.tier)
    assert set(merged.signs) == {*first.signs, *second.signs}


@pytest.mark.parametrize("text", [*WORDINGS[:40], "no pus", ""])
def test_a_verdict_survives_json(text):
    verdict = SCREEN(text, Context(day=4))
    assert Verdict.from_dict(json.loads(json.dumps(verdict.as_dict()))) == verdict


def test_an_empty_text_is_no_risk():
    assert SCREEN("") == SCREEN("   ") == NO_RISK


def test_signs_are_listed_highest_tier_first():
    tiers = [sign.tier for sign in SCREEN("pus on my pillow, itchy for 12 days, and my throat is closing").signs]
    assert tiers == sorted(tiers, reverse=True)
    assert tiers[0] == Tier.EMERGENCY


def test_unknown_labels_are_refused():
    with pytest.raises(ValueError, match="use one of none, routine, urgent, emergency"):
        Tier.from_label("soon")
