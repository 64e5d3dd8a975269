"""Birth dates as people write them."""

from datetime import date

import pytest

from bot.care.birth_date import birth_dates, is_date_like

TODAY = date(2026, 11, 22)
APRIL, MARCH = date(1986, 4, 3), date(1986, 3, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 April 1986", {APRIL}),
        ("April 3rd, 1986.", {APRIL}),
        ("born 1986-04-03", {APRIL}),
        ("my birthday is 3 april 86", {APRIL}),
        ("3/4/1986", {APRIL, MARCH}),
        ("03.04.86", {APRIL, MARCH}),
        ("13-4-1986", {date(1986, 4, 13)}),
        ("3 de abril de 1986", {APRIL}),
        ("le 3 avril 1986", {APRIL}),
        ("3. Mai 1986", {date(1986, 5, 3)}),
        ("hello", set()),
        ("1986", set()),
        ("3 April", set()),
        ("30 February 1986", set()),
        ("12 November 2026", set()),
        ("12/11/26", set()),
        ("3 April 1886", set()),
        ("3 April 1986 and now there is pus", set()),
        ("x" * 55 + " 3.4.1986", set()),
    ],
)
def test_dates_of_birth(text: str, expected: set[date]) -> None:
    assert birth_dates(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "like"),
    [("31.31.1986", True), ("1986", True), ("03 04", False), ("39.2", False), ("soon", False), ("3 4 19867", True)],
)
def test_what_seems_to_be_meant_as_a_date(text: str, like: bool) -> None:
    assert is_date_like(text) is like
