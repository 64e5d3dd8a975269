"""On which days since treatment the screen says the same of every text."""

import pytest

from bot.triage import Context
from tests.triage.loaded import CATALOGUE, SCREEN

STEPS = sorted({rule.from_day for rule in CATALOGUE.signs.values() if rule.from_day is not None})
DATED = [rule for rule in CATALOGUE.signs.values() if rule.from_day is not None]


@pytest.mark.parametrize("step", STEPS)
def test_two_days_with_a_step_between_them_do_not_agree(step: float):
    assert not SCREEN.agrees(step - 0.01, step)
    assert not SCREEN.agrees(step, step - 0.01)
    assert SCREEN.agrees(step, step + 0.01)


def test_a_day_that_is_known_agrees_with_none_that_is_not():
    assert SCREEN.agrees(None, None)
    assert not SCREEN.agrees(None, 100.0)
    assert not SCREEN.agrees(0.0, None)


@pytest.mark.parametrize("rule", DATED, ids=lambda rule: rule.id)
def test_texts_have_the_same_verdict_on_days_that_agree(rule):
    for one, other in zip((-1.0, *STEPS), (*(step - 0.01 for step in STEPS), 400.0), strict=True):
        assert SCREEN.agrees(one, other)
        for example in (*rule.wordings, *rule.lookalikes):
            assert SCREEN(example.text, Context(day=one)) == SCREEN(example.text, Context(day=other))
