"""What is heard as "what now?", and what is not."""

from __future__ import annotations

import pytest

from bot.care.what_now import asks_what_now


@pytest.mark.parametrize(
    "text",
    [
        "what now", "ok and what now?", "now what", "What do I do?", "what should i do now", "is anyone there",
        "what happens now? is anyone there", "are you there??", "is somebody reading this", "when will someone write",
        "when does the nurse call",
    ],
)  # fmt: skip
def test_it_is_heard(text: str) -> None:
    assert asks_what_now(text)


@pytest.mark.parametrize(
    "text",
    [
        "why?", "what now is swelling as well", "what do i do about my minoxidil", "when can I wash my hair",
        "what should I do before my next session", "when will my hair look better", "is it normal",
    ],
)  # fmt: skip
def test_other_questions_are_not(text: str) -> None:
    assert not asks_what_now(text)
