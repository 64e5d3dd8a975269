"""Whether a writer of another language denies a finding: "no tengo fiebre ni pus", "Fieber habe ich nicht"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.triage.matching import Match
from bot.triage.normalise import Message
from bot.triage.phrases import Span
from bot.triage.tier import Tier

_REACH = 3
_LISTS = frozenset({",", "-"})
_FARTHEST = 25


@dataclass(frozen=True)
class Denials:
    """The small words of a language's denials.

    `before` stand before what they deny and `after` behind it, `joins` ("or") hand a denial on, `lists` ("and") only
    to a bare word, and `contrasts` ("but") end it.
    """

    before: Collection[str]
    after: Collection[str]
    joins: Collection[str]
    lists: Collection[str]
    contrasts: Collection[str]
    light: Collection[str]

    def clauses(self, message: Message) -> tuple[int, ...]:
        """The clause of each token: a new one at each sentence and contrast."""
        numbers, number = [], 0
        for index, token in enumerate(message.tokens):
            new_sentence = index > 0 and message.sentence[index] != message.sentence[index - 1]
            number += new_sentence or token.norm in self.contrasts
            numbers.append(number)
        return tuple(numbers)

    def deny(self, match: Match, tier: Tier, message: Message, absorbed: list[Span]) -> bool:
        """Whether a denial that is not part of the match's own words, nor of `absorbed` ones, covers a term of it."""
        own = {token for span in match.spans for token in range(span.first, span.last + 1)}
        deaf = own | {token for span in absorbed for token in range(span.first, span.last + 1)}
        if self._denied_after(match, message, deaf):
            return True
        for span in match.spans:
            for cue in range(span.first - 1, max(-1, span.first - _FARTHEST), -1):
                if message.sentence[cue] != message.sentence[span.first]:
                    break
                negative = message.tokens[cue].norm in self.before and cue not in deaf
                if negative and self._reaches(cue, span.first, tier, message):
                    return True
        return False

    def _reaches(self, cue: int, target: int, tier: Tier, message: Message) -> bool:
        words = 0
        for index in range(cue + 1, target):
            word = message.tokens[index].norm
            if word in self.contrasts or word in ":(":
                return False
            if word in self.joins:
                words = 0
            elif word in self.lists and index == cue + 1:
                continue  # "não é uma dor": "is" without its accent
            elif word in self.lists or word in _LISTS:
                bare = all(message.tokens[then].norm in self.light for then in range(index + 1, target))
                if index == cue + 1 or ((not bare or tier >= Tier.EMERGENCY) and not self._goes_on(index, message)):
                    return False
                words = 0
            elif word not in self.light:
                words += 1
                if words > _REACH:
                    return False
        return True

    def _goes_on(self, joint: int, message: Message) -> bool:
        """Whether a list goes on to an "or": "sin fiebre, dolor o pus"."""
        words = 0
        for index in range(joint + 1, len(message.tokens)):
            word = message.tokens[index].norm
            if word in self.joins or word in self.before:
                return True
            if message.sentence[index] != message.sentence[joint] or word in self.contrasts:
                return False
            words = 0 if word in _LISTS else words + (word not in self.light)
            if words > 2:
                return False
        return False

    def _denied_after(self, match: Match, message: Message, deaf: Collection[int]) -> bool:
        last = match.last
        for index in range(last + 1, min(last + 5, len(message.tokens))):
            word = message.tokens[index].norm
            if word in self.contrasts or message.sentence[index] != message.sentence[last] or word == ",":
                return False
            if word in self.after and index not in deaf:
                following = message.tokens[index + 1].norm if index + 1 < len(message.tokens) else "."
                return not following[0].isalnum() or following in self.contrasts
        return False
