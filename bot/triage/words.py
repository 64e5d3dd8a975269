"""Words as plain text: sets of them that can be read and added to, and a message made flat for patterns."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def flat(text: str) -> str:
    """A text in lower case, with straight apostrophes and single spaces."""
    return " ".join(text.lower().replace("’", "'").split())
