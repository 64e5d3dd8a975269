"""Saying what was removed."""

from collections.abc import Mapping


def count_words(removed: Mapping[str, int]) -> str:
    """Counts by table in words: "message words: 40, messages: 3"."""
    return ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in sorted(removed.items()))
