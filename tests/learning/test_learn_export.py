"""`aftercare learn export`: only of patients who agreed, masked, each line confirmed."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot.commands.learning import export
from bot.learning.files import NLU_FILE, SIGNS_FILE
from bot.learning.reviewing import ReviewError, keep_review, take_back
from bot.settings import Settings
from bot.store.tables import Conversation, Finding, Message, Review, Staff
from tests.house import House

SIGNS = {"pus", "fever"}


@pytest.fixture
def staff(house: House) -> Staff:
    return house.staff("Ben Ito")


def review(house: House, staff: Staff, message_id: int, finding: Finding, about: str = "") -> None:
    with house.store.write() as session:
        keep_review(session, house.clock.now(), staff, session.get_one(Message, message_id), finding, about, SIGNS)


def agree(house: House, conversation_id: str) -> None:
    with house.store.write() as session:
        session.get_one(Conversation, conversation_id).patient.training_at = house.clock.now()


def says(house: House, text: str, key: str, topics: list[str] | None = None, agrees: bool = True) -> int:
    received = house.receive(text, key)
    with house.store.write() as session:
        session.get_one(Message, received.message_id).topics = topics or []
    if agrees:
        agree(house, received.conversation_id)
    return received.message_id


def settings_of(house: House) -> Settings:
    return house.services.settings


def run(house: House, out: Path, since=None, confirm=None) -> tuple[str, list, list]:
    said = export(settings_of(house), out, since, confirm)
    nlu = yaml.safe_load((out / NLU_FILE).read_text())["nlu"]
    return said, nlu, yaml.safe_load((out / SIGNS_FILE).read_text())


def test_only_who_agreed_is_learnt_from(house, staff, tmp_path):
    yes = says(house, "ben said to ask you: is the lido ok on 020 7946 0312", "ana")
    no = says(house, "and is the lake alright for my weekend", "eve", agrees=False)
    for message_id in (yes, no):
        review(house, staff, message_id, Finding.WRONG_TOPIC, "exercise_sweat")
    said, nlu, signs = run(house, tmp_path)
    assert nlu == [{"intent": "exercise_sweat", "examples": "- NAME said to ask you: is the lido ok on PHONE\n"}]
    assert signs == []
    assert "has not agreed to training: 1" in said


def test_missed_signs_and_false_alarms_become_proposals_for_a_clinician(house, staff, tmp_path):
    missed = says(house, "bit of weeping at the crown, honey coloured", "ana", ["side_effects"])
    false = says(house, "there is pus coming out of my cat's ear, when may I wash", "bob", ["washing_hair"])
    review(house, staff, missed, Finding.MISSED_SIGN, "pus")
    review(house, staff, missed, Finding.WRONG_TOPIC, "infection_signs")
    with house.store.read() as session:
        seen = [sign["id"] for sign in session.get_one(Message, false).verdict["signs"]]
    assert "pus" in seen
    review(house, staff, false, Finding.FALSE_ALARM, "pus")
    _, nlu, signs = run(house, tmp_path)
    assert nlu == []  # how urgent the first is, a clinician says before it is learnt
    assert signs == [
        {
            "sign": "pus",
            "wordings": ["bit of weeping at the crown, honey coloured"],
            "lookalikes": ["there is pus coming out of my cat's ear, when may I wash"],
        }
    ]


def test_each_line_is_asked_about_and_a_no_leaves_it_out(house, staff, tmp_path):
    for key, text in (("a", "would a lazy river be alright"), ("b", "is bouldering at the wall off limits")):
        review(house, staff, says(house, text, key), Finding.WRONG_TOPIC, "exercise_sweat")
    asked: list[str] = []

    def confirm(line: str) -> bool:
        asked.append(line)
        return "river" in line

    said, nlu, _ = run(house, tmp_path, confirm=confirm)
    assert asked[1] == "topic Exercise, pool, sauna: is bouldering at the wall off limits"
    assert nlu[0]["examples"] == "- would a lazy river be alright\n"
    assert "Left out by you: 1" in said


def test_since_counts_the_day_of_the_review(house, staff, tmp_path):
    review(house, staff, says(house, "would a lazy river be alright", "a"), Finding.WRONG_TOPIC, "exercise_sweat")
    house.clock.advance(timedelta(days=2))
    review(house, staff, says(house, "is bouldering off limits", "b"), Finding.WRONG_TOPIC, "exercise_sweat")
    _, nlu, _ = run(house, tmp_path, since=house.clock.now().date())
    assert nlu[0]["examples"] == "- is bouldering off limits\n"


def test_fine_confirms_the_topic_and_corrections_take_its_place(house, staff, tmp_path):
    message_id = says(house, "would a lazy river be alright", "a", ["exercise_sweat"])
    review(house, staff, message_id, Finding.FINE)
    assert run(house, tmp_path)[1][0]["intent"] == "exercise_sweat"
    review(house, staff, message_id, Finding.WRONG_TOPIC, "out_of_scope")
    review(house, staff, message_id, Finding.WRONG_TOPIC, "small_talk")
    with house.store.read() as session:
        assert [(one.finding, one.about) for one in session.query(Review)] == [("wrong_topic", "small_talk")]
    assert run(house, tmp_path)[1][0]["intent"] == "small_talk"
    with house.store.write() as session:
        take_back(session, house.clock.now(), staff, session.get_one(Message, message_id))
    assert run(house, tmp_path)[1] == []


@pytest.mark.parametrize(
    ("finding", "about"),
    [
        (Finding.FINE, "pus"),
        (Finding.WRONG_TOPIC, "report_urgent"),
        (Finding.MISSED_SIGN, "washing_hair"),
        (Finding.FALSE_ALARM, "pus"),
    ],
)
def test_a_finding_about_nothing_that_exists_is_refused(house, staff, finding, about):
    message_id = says(house, "hello there", "a")
    with pytest.raises(ReviewError):
        review(house, staff, message_id, finding, about)


def test_reviews_are_audited_without_text(house, staff):
    message_id = says(house, "would a lazy river be alright", "a")
    review(house, staff, message_id, Finding.WRONG_TOPIC, "exercise_sweat")
    [line] = [one for one in house.audit() if one.action == "reviewed"]
    assert line.actor == f"staff:{staff.id}"
    assert line.detail == {"message_id": message_id, "finding": "wrong_topic", "about": "exercise_sweat"}
