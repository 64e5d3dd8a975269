"""What a clinician is said to have set, and for what."""

from __future__ import annotations

import pytest

from bot.care.personal import parse_personal


@pytest.mark.parametrize(
    ("text", "last", "told"),
    [
        ("nurse said 48h for me, not 24", "minoxidil", ("minox_after_h", 48.0)),
        ("the nurse said i can wash tomorrow but no minoxidil for 3 days", None, ("minox_after_h", 72.0)),
        ("she said no gym for 4 days and to wash with baby shampoo", None, ("sweat_h", 96.0)),
        ("about washing: the doctor said 2 days", None, ("wash_h", 48.0)),
    ],
)
def test_the_figure_belongs_to_the_subject_of_its_clause(text: str, last: str | None, told: tuple[str, float]) -> None:
    assert parse_personal(text, last) == told
