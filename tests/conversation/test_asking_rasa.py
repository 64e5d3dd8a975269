"""What the brain makes of each answer, good and bad."""

import asyncio

import pytest

from bot.care.effects import TopicEffect
from bot.conversation.brain import Brain, BrainUnavailable, Reply
from bot.triage.verdict import NO_RISK
from tests.doubles.rasa import RasaDouble, said
from tests.house import ENDLESS


@pytest.fixture
async def brain(rasa: RasaDouble):
    made = Brain(rasa.url, 0.5)
    yield made
    await made.close()


async def test_replies_buttons_effects_and_reading_are_taken_over(brain: Brain, rasa: RasaDouble):
    rasa.answers["hi"] = said(
        "one",
        "two",
        buttons=[{"title": "Yes", "payload": "/affirm", "type": "postback"}],
        effects=({"effect": "topic", "topics": ["washing_hair"]},),
        intent="washing_hair",
        topics=["washing_hair"],
        slots={"last_topic": "washing_hair"},
    )
    turn = await brain.turn("c", "hi", {"day": 1}, {"asked": "safe"})
    assert turn.replies == (Reply("one"), Reply("two", ({"title": "Yes", "payload": "/affirm"},)))
    assert turn.effects == (TopicEffect(("washing_hair",)),)
    assert (turn.intent, turn.topics) == ("washing_hair", ("washing_hair",))
    assert turn.slots == {"last_topic": "washing_hair"}
    assert rasa.heard == [{"sender": "c", "text": "hi", "metadata": {"day": 1}, "slots": {"asked": "safe"}}]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "text",
        7,
        {},
        {"replies": None},
        {"replies": ["text"]},
        {"replies": [None]},
        {"replies": [{"text": ""}]},
        {"replies": [{"custom": {"effect": "rm -rf"}}, {"text": "hi"}]},
        {"replies": [{"custom": "case"}, {"text": "hi"}]},
        {"replies": [{"text": "hi", "buttons": [{"title": "no payload"}]}]},
        {"replies": [{"text": "hi", "buttons": ["yes"]}]},
        {"replies": [{"text": "hi"}], "triage": {"tier": "soon", "signs": [], "lowered": []}},
        {"replies": [{"text": "hi"}], "triage": {"tier": "urgent"}},
        {"replies": [{"text": "hi"}], "triage": "urgent"},
        {"replies": [{"text": "hi"}], "triage": {"tier": "urgent", "signs": [{"id": "x"}], "lowered": []}},
    ],
    ids=str,
)
async def test_an_answer_that_cannot_be_used_counts_as_none(brain: Brain, rasa: RasaDouble, raw: object):
    rasa.mode, rasa.raw = "malformed", raw
    with pytest.raises(BrainUnavailable) as caught:
        await brain.turn("c", "hi", {}, {})
    assert "hi" not in str(caught.value)


async def test_of_a_button_there_is_no_verdict_and_of_words_there_must_be(brain: Brain, rasa: RasaDouble):
    for text in ("/affirm", "yes"):
        rasa.answers[text] = said("Good.", triage=None)
    assert (await brain.turn("c", "/affirm", {}, {})).verdict == NO_RISK
    with pytest.raises(BrainUnavailable):
        await brain.turn("c", "yes", {}, {})


@pytest.mark.parametrize("mode", ["hangs", "drips"])
async def test_the_deadline_is_for_the_whole_answer(brain: Brain, rasa: RasaDouble, mode: str):
    rasa.mode = mode
    async with asyncio.timeout(ENDLESS):
        with pytest.raises(BrainUnavailable):
            await brain.turn("c", "hi", {}, {})


async def test_it_is_ready_when_it_understands_a_message(brain: Brain, rasa: RasaDouble):
    assert await brain.ready()


@pytest.mark.parametrize("mode", ["500", "malformed"])
async def test_it_is_not_ready_when_it_does_not(brain: Brain, rasa: RasaDouble, mode: str):
    rasa.mode = mode
    assert not await brain.ready()
