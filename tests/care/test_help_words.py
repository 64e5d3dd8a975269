"""What a patient with an urgent case says of getting help."""

import pytest

from bot.care.help_words import Said, asks_more, said_of_help, says_safe
from bot.care.what_now import asks_when

SAID: dict[Said, list[str]] = {
    "reached": [
        "ok called them",
        "i rang. they gave me an appointment at 3. thanks!",
        "they gave me adrenaline, i'm in hospital, ok now",
        "ambulance is coming",
        "we're on our way to a&e",
        "vet says bring her in",
        "the paramedics are here",
    ],
    "unreached": ["i rang and nobody picks up", "been on hold 25 mins", "phone's dead can't ring anyone", "no answer"],
    "needed": ["do i still need to call", "can it wait til then", "you sure?", "so i don't need to do anything?"],
    "cant_judge": ["is it shingles?", "should i be worried", "did i hurt the baby", "could it be sunburn?"],
    "waiting": ["i'll keep an eye on him overnight then", "i'll just wait", "i'll call tomorrow"],
    "eased": ["it went off after ten minutes", "feel ok now, had some toast", "she seems fine, she's playing"],
    "will": ["ok will ring", "right ok calling now"],
}
NOTHING = [
    "thank you",
    "i haven't called yet",
    "i should have called",
    "he hasn't calmed down",
    "it has not gone away",
    "i'm not ringing anybody, i hate doctors",
    "can i go to the gym on monday?",
    "is it ok to go to work tomorrow",
    "when can i wash my hair",
    "what did they call it",
]


@pytest.mark.parametrize(("said", "text"), [(said, text) for said, texts in SAID.items() for text in texts])
def test_what_is_said_of_help_is_heard(said: Said, text: str):
    assert said_of_help(text) == said


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_nothing_of_it_is_left_alone(text: str):
    assert said_of_help(text) is None


def test_a_question_beside_it_is_noticed():
    assert asks_more("ok rang them. when can i next put it on my head")
    assert not asks_more("ok rang them, all sorted")


@pytest.mark.parametrize("text", ["i'm safe, i've got my mum here", "i'm ok", "my boyfriend is here with me"])
def test_safe_in_ones_own_words(text: str):
    assert says_safe(text)


@pytest.mark.parametrize("text", ["not safe", "no i'm not ok", "am i safe?", "i don't know", "whatever"])
def test_not_safe_is_never_taken_for_safe(text: str):
    assert not says_safe(text)


@pytest.mark.parametrize("text", ["when will i hear", "ok who will tell me", "when will someone contact me", "well??"])
def test_asking_when_staff_answer(text: str):
    assert asks_when(text)


@pytest.mark.parametrize("text", ["when can i wash my hair", "when will it heal", "who invented this"])
def test_other_questions_of_time_are_not(text: str):
    assert not asks_when(text)
