"""Times said in passing, hours held against a wait, sessions to come, and what was told before."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.care.coming_session import asks_before, coming_session
from bot.care.context import continued, resolve, words_about
from bot.care.insisting import insistence
from bot.care.plain_words import plain
from bot.care.proposed_time import parse_proposed_time
from bot.care.session_time import holds_against, parse_session_time, says_only_when, without_session_time

LONDON = ZoneInfo("Europe/London")
THURSDAY_NOON = datetime(2025, 6, 12, 12, 0, tzinfo=LONDON)
WEDNESDAY_NINE = datetime(2025, 6, 11, 9, 0, tzinfo=LONDON)


def session(text: str, now: datetime = THURSDAY_NOON) -> str | None:
    found = parse_session_time(text, now, LONDON)
    return f"{found.ended_at.astimezone(LONDON):%m-%d %H:%M} {found.certainty}" if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("when can I wash my hair? it was yesterday at 3pm", "06-11 15:00 said"),
        ("yesterday 3pm. gym?", "06-11 15:00 said"),
        ("hi! yesterday at noon, when can i use foam", "06-11 12:00 said"),
        ("can I wash? I mean it was 20 hours ago", "06-11 16:00 said"),
        ("its been 2 hours and my head feels hot", "06-12 10:00 said"),
        ("gym ok? been 50 hours", "06-10 10:00 said"),
        ("1 week in, can i use clay in my hair", "06-05 23:59 vague"),
        ("finished an hour and a half ago, driving home", "06-12 10:30 said"),
        ("the gym, is it fine? left yours at 10 this morning", "06-12 10:00 said"),
        ("had it done yesterday at ten past four", "06-11 16:10 said"),
        ("session was yesterday at 15h30", "06-11 15:30 said"),
        ("hda my sesion yestrday arond 3pm wen can i wahs my hiar", "06-11 15:00 said"),
    ],
)
def test_a_session_is_read_wherever_it_is_said(text: str, expected: str):
    assert session(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I washed my hair. It was yesterday at 3pm",
        "i ran, yesterday at 3pm",
        "yesterday, i washed my hair at 3pm. when gym",
        "can i wash it yesterday at 3?",
        "I have had a headache. it's been 2 days",
        "2 hours in the sun yesterday",
        "can i swim? today at 3pm",
    ],
)
def test_what_else_was_done_then_is_no_session(text: str):
    assert session(text) is None


def test_no_session_ends_in_the_small_hours():
    assert parse_session_time("so at 3 this afternoon", WEDNESDAY_NINE, LONDON, asked=True) is None
    assert parse_session_time("today at 4", WEDNESDAY_NINE, LONDON, asked=True) is None


def test_after_midnight_today_is_the_day_that_was_slept_out_of():
    after_midnight = datetime(2025, 6, 11, 0, 20, tzinfo=LONDON)
    assert session("had my session today at 6 in the evening", after_midnight) == "06-10 18:00 said"


def test_the_time_of_the_session_is_no_proposal():
    assert "3pm" not in without_session_time("yesterday 3pm. gym?", THURSDAY_NOON, LONDON)


@pytest.mark.parametrize("text", ["so friday at 4?", "cool so today at 4", "then tomorrow", "today at 2 then"])
def test_an_hour_held_against_a_wait_is_no_statement(text: str):
    assert holds_against(text)
    assert not holds_against("it was friday at 4")


@pytest.mark.parametrize("text", ["think i left about half 11", "wait that's wrong, it was yesterday at 11am", "14:20"])
def test_a_time_alone_can_hold_no_sign(text: str):
    assert says_only_when(text, THURSDAY_NOON)


def test_a_time_beside_a_sign_is_not_alone():
    assert not says_only_when("it was yesterday at 11am and now it oozes", THURSDAY_NOON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("and in the sun?", None),
        ("on sun", ("06-15 00:00", "06-15 23:59")),
        ("what about at 5", ("06-11 17:00", "06-11 17:00")),
        ("half 4?", ("06-11 16:30", "06-11 16:30")),
        ("and tomorrow at 2?", ("06-12 14:00", "06-12 14:00")),
        ("would tonight at ten be suitable?", ("06-11 22:00", "06-11 22:00")),
        ("after work then", ("06-11 18:00", "06-11 23:59")),
        ("and at lunch?", ("06-11 12:00", "06-11 14:00")),
        ("in an hour and a half", ("06-11 10:30", "06-11 10:30")),
    ],
)
def test_hours_are_proposed_as_people_say_them(text: str, expected: tuple[str, str] | None):
    found = parse_proposed_time(text, WEDNESDAY_NINE, LONDON)
    said = found and tuple(f"{at.astimezone(LONDON):%m-%d %H:%M}" for at in (found.earliest, found.latest))
    assert said == expected


def test_the_numbers_of_a_list_are_no_hours():
    text = "1. can I wash my hair today 2. is running ok tomorrow 3. when can I colour it?"
    found = parse_proposed_time(words_about("washing_hair", text), WEDNESDAY_NINE, LONDON)
    assert found is not None
    assert not found.exact
    assert plain("yesterday at 3. When can I wash") == "yesterday at 3. when can i wash"


def test_a_day_at_the_end_of_a_list_is_for_all_of_it():
    assert "Saturday" in words_about("washing_hair", "can I wash, use gel and run on Saturday?")
    assert "tomorrow" not in words_about("washing_hair", "can I wash and when can I run tomorrow?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my session is tomorrow at 3pm, should i stop minoxidil now?", "2025-06-13T14:00:00+00:00"),
        ("im having it done next friday. can i dye my hair before", "~2025-06-13T22:59:00+00:00"),
        ("I had my session on monday, can i swim on friday", None),
        ("can i swim on friday", None),
    ],
)
def test_a_session_to_come_is_read(text: str, expected: str | None):
    found = coming_session(text, THURSDAY_NOON, LONDON)
    assert (found.as_slot() if found else None) == expected


def test_before_the_session_and_before_bed():
    assert asks_before("can i wash my hair in the morning before")
    assert not asks_before("can i use it before bed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Even only the temples?", "utter_lead_even_a_little"),
        ("even with a swim cap?", "utter_lead_even_so"),
        ("but my friend waited 24", "utter_lead_own_wait"),
        ("my friend has pus", None),
        ("and swimming?", None),
    ],
)
def test_what_is_held_against_a_wait(text: str, expected: str | None):
    assert insistence(text) == expected


@pytest.mark.parametrize(
    ("text", "last", "expected"),
    [
        ("even with a swim cap?", "exercise_sweat/pool_sauna", ["exercise_sweat/pool_sauna"]),
        ("what if i stay in the shallow end", "exercise_sweat/sweat", ["exercise_sweat/pool_sauna"]),
        ("same for my beard?", "minoxidil_timing/minoxidil", ["minoxidil_timing/minoxidil"]),
        ("oh it already passed then?", "washing_hair/washing", ["washing_hair/washing"]),
        ("what if it smells and there is pus", "washing_hair/washing", []),
    ],
)
def test_a_message_goes_on_from_the_last_answer(text: str, last: str, expected: list[str]):
    assert continued(text, [last], WEDNESDAY_NINE, LONDON) == expected


def test_each_thing_named_is_answered():
    found = resolve(["minoxidil_timing"], "so pool dye gym minox all fine?", [], [], WEDNESDAY_NINE, LONDON)
    assert set(found) == {
        "exercise_sweat/sweat",
        "exercise_sweat/pool_sauna",
        "hair_products_dye",
        "minoxidil_timing",
    }
    assert resolve(["washing_hair"], "can i have a hot bath", [], [], WEDNESDAY_NINE, LONDON) == ["exercise_sweat"]
