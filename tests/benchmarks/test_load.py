"""What counts as answered, lost and out of order under load, and which questions are told apart by their reply."""

from collections import Counter
from typing import Any, cast

import pytest
import yaml

from benchmarks import load
from benchmarks.load import QUESTIONS, Outcome, TooAlikeError, account, learn_answers, told_apart
from benchmarks.patients import Reply, Sent, WidgetFront

ANSWERS = {"wash?": "Tomorrow.", "sun?": "Wear a hat.", "cost?": "Ask us."}


def outcome(sent: list[Sent], replies: list[Reply]) -> Outcome:
    total = Outcome()
    account(sent, replies, ANSWERS, started=100.0, total=total)
    return total


def test_replies_in_order_are_timed_from_when_the_message_was_due():
    sent = [Sent("wash?", 101.0, 1), Sent("sun?", 101.1, 2)]
    found = outcome(sent, [Reply(3, "Tomorrow.", 101.5), Reply(4, "Wear a hat.", 102.1)])
    assert (found.sent, found.lost, found.out_of_order) == (2, 0, 0)
    assert [(round(at, 3), round(took, 3)) for at, took in found.answered] == [(1.0, 500.0), (1.1, 1000.0)]


def test_the_server_says_which_of_two_messages_came_first():
    sent = [Sent("sun?", 101.0, 2), Sent("wash?", 101.0, 1)]
    assert outcome(sent, [Reply(3, "Tomorrow.", 102.0), Reply(4, "Wear a hat.", 102.0)]).out_of_order == 0


def test_a_reply_before_that_to_an_earlier_message_is_out_of_order():
    sent = [Sent("wash?", 101.0, 1), Sent("sun?", 101.1, 2)]
    found = outcome(sent, [Reply(3, "Wear a hat.", 101.5), Reply(4, "Tomorrow.", 102.1)])
    assert (found.lost, found.out_of_order) == (0, 1)


def test_refused_and_unanswered_messages_are_lost():
    sent = [Sent("wash?", 101.0, None), Sent("sun?", 102.0, 1), Sent("cost?", 103.0, 5)]
    found = outcome(sent, [Reply(6, "Ask us.", 105.0)])
    assert (found.sent, found.lost, len(found.answered)) == (3, 2, 1)


def test_how_a_reply_begins_tells_and_an_unknown_one_answers_the_oldest():
    sent = [Sent("wash?", 101.0, 1), Sent("sun?", 102.0, 2)]
    found = outcome(sent, [Reply(3, "Lukewarm water.", 103.0), Reply(4, "Wear a hat.\n\nWhen was it?", 104.0)])
    assert (found.lost, found.out_of_order, len(found.answered)) == (0, 0, 2)


def test_the_reply_to_a_message_that_has_one_answers_no_other():
    sent = [Sent("wash?", 101.0, 1), Sent("sun?", 102.0, 3)]
    assert outcome(sent, [Reply(2, "Tomorrow.", 103.0), Reply(4, "Tomorrow.", 104.0)]).lost == 1


def test_a_reply_that_was_there_before_the_message_answers_it_not():
    assert outcome([Sent("wash?", 101.0, 7)], [Reply(6, "Tomorrow.", 102.0)]).lost == 1


def test_questions_are_kept_whose_one_reply_is_always_the_same_and_nobody_elses():
    first = {"wash?": ["A"], "shampoo?": ["A"], "sun?": ["B\n\nWhen?"], "pus?": ["C", "D"], "hi": ["E"], "bad": []}
    again = {"wash?": ["A"], "shampoo?": ["A"], "sun?": ["B"], "pus?": ["C", "D"], "hi": ["F"], "bad": []}
    assert told_apart([first, again]) == {"wash?": "A", "sun?": "B"}


async def test_a_load_of_questions_that_are_answered_alike_is_refused(monkeypatch: pytest.MonkeyPatch):
    async def asked(_front: WidgetFront, questions: list[str]) -> dict[str, Any]:
        return {question: ["The same to all."] for question in questions}

    monkeypatch.setattr(load, "_asked", asked)
    with pytest.raises(TooAlikeError, match=r"only 1 of questions\.yml"):
        await learn_answers(cast(WidgetFront, None))


def test_the_questions_of_the_load_are_many_and_each_is_there_once():
    questions = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    assert len(questions) > 2 * load.ENOUGH
    assert max(Counter(questions).values()) == 1
