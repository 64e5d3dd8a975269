"""The screen runs in two Pythons, in the bot and inside Rasa: it must say the same in both."""

import json

import pytest

from bot.processes import RASA_PYTHON
from tests.triage.loaded import CATALOGUE, SCREEN
from tests.understanding.test_understanding import in_rasa

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(not RASA_PYTHON.exists(), reason="the Rasa environment is missing: run `make setup`"),
]

ODD = [
    "",
    "   ",
    "38,5!!!",
    "NO PUS 😭 but ... it's HOT",
    "⚠️fever⚠️",
    "لا أستطيع التنفس",
    "não consigo respirar\n\n39.2",
]


def test_both_pythons_give_the_same_verdict_on_every_text():
    rules = CATALOGUE.signs.values()
    texts = [example.text for rule in rules for example in (*rule.wordings, *rule.lookalikes)] + ODD
    done = in_rasa("tests/understanding/verdicts.py", given=json.dumps(texts))
    assert done.returncode == 0, done.stderr[-3000:]
    there = json.loads(done.stdout.splitlines()[-1])
    different = [text for text, verdict in zip(texts, there, strict=True) if SCREEN(text).as_dict() != verdict]
    assert len(texts) > 1000
    assert different == []
