"""Every kind of expectation fails where it does not hold, and passes where it does."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.care.clinic import load_clinic
from bot.commands.passing import Line
from bot.commands.playing import Played
from bot.settings import ROOT
from bot.store.tables import Case, CaseState, Owner
from bot.triage.tier import Tier

from .form import Expected, problems

NOON = datetime(2025, 6, 10, 11, 0, tzinfo=UTC)
CLINIC = load_clinic(ROOT / "clinic.yml")
ITEM = SimpleNamespace(id="washing")


def found(expect: dict[str, Any]) -> list[str]:
    """The problems of one turn: "Yes, at 17:30" with a button, a note before it, an open urgent case, a plan."""
    turn = {"patient": "hello", "expect": expect}
    dialogue = Expected.model_validate({"id": "gym", "title": "About the gym", "turns": [turn, turn]})
    played = Played(
        turn=dialogue.turns[0],
        at=NOON,
        between=(Line(NOON, "bot", "Shall I remind you?", ("Yes",)),),
        replies=(Line(NOON, "bot", "Yes,\nat 17:30", ("Good",)),),
        tier=Tier.NONE,
        case=Case(tier=int(Tier.URGENT), state=CaseState.OPEN, reason="red_flag"),
        owner=Owner.BOT,
        today=SimpleNamespace(fine=(ITEM,), wait=(), held="Remember"),  # type: ignore[arg-type]
    )
    return problems(dialogue, CLINIC, [played, played])[: len(expect)]


@pytest.mark.parametrize(
    ("holds", "fails"),
    [
        ({"says": ["YES, at 17:30"]}, {"says": ["18:30"]}),
        ({"not_says": ["remind"]}, {"not_says": ["yes,"]}),
        ({"buttons": ["Good"]}, {"buttons": ["Bad"]}),
        ({"replies": 1}, {"replies": 0}),
        ({"tier": "none"}, {"tier": "urgent"}),
        ({"case": {"tier": "urgent"}}, {"case": {"tier": "routine"}}),
        ({"case": {"state": "open"}}, {"case": {"state": "acknowledged"}}),
        ({"case": {"reason": "red_flag"}}, {"case": {"reason": "concern"}}),
        ({"case": {"tier": "urgent"}}, {"case": "none"}),
        ({"owner": "bot"}, {"owner": "clinician"}),
        ({"between": [{"at": "Tue 10 Jun 12:00", "says": ["remind"]}]}, {"between": []}),
        ({"between": [{"at": "Tue 10 Jun 12:00"}]}, {"between": [{"at": "Tue 10 Jun 12:01"}]}),
        (
            {"between": [{"at": "Tue 10 Jun 12:00", "buttons": ["Yes"]}]},
            {"between": [{"at": "Tue 10 Jun 12:00", "says": ["wash"]}]},
        ),
        ({"between": [{"at": "Tue 10 Jun 12:00"}]}, {"between": [{"at": "Tue 10 Jun 12:00", "author": "note"}]}),
        ({"today": {"fine": ["washing"]}}, {"today": {"wait": ["washing"]}}),
        ({"today": {"held": True}}, {"today": {"held": False}}),
        ({"today": {"held": True}}, {"today": "none"}),
    ],
)
def test_an_expectation_holds_or_fails(holds: dict[str, Any], fails: dict[str, Any]):
    assert found(holds) == []
    [problem] = found(fails)
    assert problem.startswith("turn 1: ")
