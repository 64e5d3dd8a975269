"""Patterns, found by the words a message has: of hundreds a message makes a handful possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set

from bot.triage.pattern import Pattern


class Patterns(tuple[Pattern, ...]):
    """Patterns in the order of the catalogue."""

    _by_group: dict[str, list[tuple[int, Pattern]]]
    _entered: frozenset[str]

    def __new__(cls, patterns: Iterable[Pattern] = ()) -> Patterns:
        """Enter each pattern under the group of its terms that the fewest others have."""
        self = super().__new__(cls, patterns)
        common = Counter(group for pattern in self for group in pattern.groups)
        self._by_group = {}
        for place, pattern in enumerate(self):
            rarest = min(sorted(pattern.groups), key=common.__getitem__)
            self._by_group.setdefault(rarest, []).append((place, pattern))
        self._entered = frozenset(self._by_group)
        return self

    def possible(self, present: Set[str]) -> list[Pattern]:
        """Those whose terms all stand in a message, by the groups that were found in it."""
        if self._entered.isdisjoint(present):
            return []
        groups = self._entered & present
        places = [entry for group in groups for entry in self._by_group[group] if entry[1].groups <= present]
        places.sort(key=_place)
        return [pattern for _, pattern in places]


def _place(entry: tuple[int, Pattern]) -> int:
    return entry[0]
