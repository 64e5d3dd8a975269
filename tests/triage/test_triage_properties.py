"""Promises for any text at all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage import NO_RISK, Context, Tier, Verdict
from tests.triage.loaded import CATALOGUE, SCREEN

WORDINGS = [example.text for rule in CATALOGUE.signs.values() if rule.tier >= Tier.URGENT for example in rule.wordings]
DENIALS = {
    "fever": ["no fever", "don't have a fever"],
    "pus": ["no pus", "there's no discharge"],
    "cellulitis": ["it isn't spreading"],
    "chest_pain": ["no chest pain"],
    "anaphylaxis": ["no trouble breathing"],
    "herpes": ["no blisters"],
    "minoxidil_absorption": ["heart is not racing", "not dizzy"],
    "collapse": ["haven't fainted"],
    "self_harm": ["not suicidal"],
}
# A figure beside the word fever is read as a temperature, denied or not, and rightly so.
DENIED = [
    (example.text, denial)
    for sign, denials in DENIALS.items()
    for denial in denials
    for example in CATALOGUE.signs[sign].lookalikes
    if not any(letter.isdigit() for letter in example.text)
]
LONG_WORD = 6
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


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(WORDINGS), st.sampled_from(["{} 😭😭", "😩 {}", "{} 🙏🏽", "{} 🤢🤮", "⚠️{}⚠️"]))
def test_emoji_never_lower_a_tier(text, around):
    assert SCREEN(around.format(text)).tier >= SCREEN(text).tier


@pytest.mark.parametrize("joined", ["{}, {}", "{}. {}!"])
def test_an_explicit_denial_of_that_very_sign_never_raises_a_tier(joined):
    pairs = [pair for text, denial in DENIED for pair in ((text, denial), (denial, text))]
    tiers = {text: SCREEN(text).tier for text, _ in DENIED}
    raised = [
        joined.format(*pair)
        for pair in pairs
        if SCREEN(joined.format(*pair)).tier > max(tiers.get(one, 0) for one in pair)
    ]
    assert raised == []


def slipped(word: str, kind: str, place: int) -> str:
    """A word with one slip of the finger inside: a letter doubled, or two swapped."""
    at = 1 + place % (len(word) - 2)
    return (
        word[:at] + word[at] + word[at:] if kind == "doubled" else word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    )


@pytest.mark.parametrize("kind", ["doubled", "swapped"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_slip_in_every_long_word_rarely_lowers_a_tier(kind: str, place: int):
    """By the catalogue alone; what it loses so, the classifier reads with the spelling mended."""
    lower = [
        text
        for text in WORDINGS
        if SCREEN(
            " ".join(
                slipped(word, kind, place) if word.isalpha() and len(word) >= LONG_WORD else word
                for word in text.split()
            )
        ).tier
        < SCREEN(text).tier
    ]
    assert len(lower) <= len(WORDINGS) * 0.03, lower


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
