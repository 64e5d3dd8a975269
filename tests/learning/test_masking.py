"""Personal data leaves a message before it becomes training data, and words stay words."""

import pytest

from bot.learning.masking import Masker

MASK = Masker(["Mia", "M. K.", "Ana Silva", "Will Grant"])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("hi its mia, can i wash it", "hi its NAME, can i wash it"),
        ("Ana told me to wait, thanks Silva", "NAME told me to wait, thanks NAME"),
        ("this is M. K. from monday", "this is NAME from monday"),
        ("mail me at mia.k+x@example.co.uk", "mail me at EMAIL"),
        ("ring +44 20 7946 0312 please", "ring PHONE please"),
        ("my number is (020) 7946-0312", "my number is PHONE"),
        ("born 12/03/1985, nhs 485 777 3456", "born NUMBER, nhs PHONE"),
        ("see https://example.com/a?b=c or www.x.org/y", "see LINK or LINK"),
        ("my instagram is @hairy.mia", "my instagram is NAME.NAME"),
        ("my name is Oksana Petrenko and it itches", "my name is NAME and it itches"),
        ("two\nlines  and\ttabs", "two lines and tabs"),
        ("[wash](topic) {x}", "(wash)(topic) (x)"),
    ],
)
def test_what_finds_a_person_is_masked(said: str, kept: str):
    assert MASK(said) == kept


@pytest.mark.parametrize(
    "said",
    ["when will it stop", "can i get a grant", "48 hours after 1.5 mm", "day 3, 38.5 degrees", "at 3pm on the 14th"],
)
def test_words_and_small_numbers_stay(said: str):
    assert MASK(said) == said


def test_a_name_that_is_a_word_is_masked_with_its_capital():
    assert MASK("Will said so, and when will it stop") == "NAME said so, and when will it stop"
