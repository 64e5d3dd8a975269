"""Answers to the symptom check in words: which of them say yes to what, and what is no answer to it."""

from __future__ import annotations

import pytest

from bot.care.check_words import Heard, read_answer
from bot.care.symptom_check import ITEMS, verdict_of
from bot.triage.tier import Tier


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("fever yes", ["fever"]),
        ("a bit of fever", ["fever"]),
        ("yes, fever", ["fever"]),
        ("not sure but I have chills", ["fever"]),
        ("the second", ["spreading"]),
        ("Yes the second one", ["spreading"]),
        ("2", ["spreading"]),
        ("number 2 I think", ["spreading"]),
        ("ok it was the third", ["pus"]),
        ("it’s spreading", ["spreading"]),
        ("yes it's hot", ["spreading"]),
        ("third", ["pus"]),
        ("1 and 3", ["fever", "pus"]),
        ("some ooze", ["pus"]),
        ("no fever but it's oozing", ["pus"]),
        ("no fever, pus yes", ["pus"]),
        ("breathing", ["breathing"]),
        ("my lips are a bit swollen", ["breathing"]),
        ("swelling yes", ["breathing"]),
        ("4", ["breathing"]),
        ("all of them", list(ITEMS)),
        ("i do, the second", ["spreading"]),
        ("yes and since this morning there is something on my pillow every time and it's weeping", ["pus"]),
    ],
)
def test_a_yes_to_an_item_is_read_as_that_item(text: str, items: list[str]) -> None:
    assert read_answer(text) == Heard("signs", tuple(items))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["i think so", "I think I do", "a bit", "yes i think so", "probably", "kind of tho", "guess so"]
)
def test_a_yes_in_so_many_words_is_likely(text: str) -> None:
    assert read_answer(text) == Heard("likely")


@pytest.mark.parametrize(
    "text", ["yes", "Yes.", "yeah", "yep I do", "i do", "one of them", "yes one of these", "y", "sadly yes"]
)
def test_a_yes_alone_says_not_which(text: str) -> None:
    assert read_answer(text) == Heard("yes")


@pytest.mark.parametrize(
    "text",
    [
        "no", "No!", "nope", "none", "None of these", "no none of them", "nah all good", "neither", "nothing like that",
        "no, just a bit itchy", "no thanks", "i don't have any of these", "not really", "not that i can see",
        "none as of now", "definitely not", "haha no", "no symptoms", "not any of these", "i don't", "i have none",
        "no fever, no pus", "no fever or pus", "I don't think so", "nothing", "no no", "no it's just pink",
    ],
)  # fmt: skip
def test_no_in_words_is_none(text: str) -> None:
    assert read_answer(text) == Heard("none")


@pytest.mark.parametrize(
    "text", ["not sure", "I'm not sure", "unsure", "idk", "no idea", "hard to tell", "maybe", "i don't know"]
)
def test_not_knowing_is_said(text: str) -> None:
    assert read_answer(text) == Heard("unsure")


@pytest.mark.parametrize("text", ["no fever", "swelling", "a bit swollen", "hot", "a little red", "smell"])
def test_half_an_answer_is_asked_about(text: str) -> None:
    assert read_answer(text) == Heard("unclear")


@pytest.mark.parametrize(
    "text",
    [
        "when can i wash my hair", "2 days ago", "i have a question", "is a fever normal?", "no improvement yet",
        "no minoxidil tonight then", "thanks", "ok", "yesterday", "i don't know what shampoo to use",
        "my session was on the second of june at three in the afternoon with the nurse", "",
        "it feels hot in the sun today", "of course, when can i wash",
        "can i sleep on my face", "one more thing", "nothing helps against the itch",
    ],
)  # fmt: skip
def test_what_is_no_answer_is_not_taken_for_one(text: str) -> None:
    assert read_answer(text) is None


def test_each_item_has_its_tier_and_its_own_sign() -> None:
    assert [verdict_of([item]).tier for item in ITEMS] == [Tier.URGENT] * 3 + [Tier.EMERGENCY]
    both = verdict_of(["fever", "breathing"])
    assert [(sign.id, sign.advice) for sign in both.signs] == [
        ("answered_breathing", "allergy"),
        ("answered_fever", "fever"),
    ]
    assert verdict_of([]).tier is Tier.NONE
