"""Cutting a message into pieces, so that a sign in the middle of a story, or a second question, is seen by itself."""

import re
from functools import lru_cache
from typing import List

import spacy
from spacy.language import Language

SHORT = 4  # words: shorter sentences say little alone and are joined to the next
LONG = 30  # words: longer ones are cut, as people who do not punctuate write
STEP = 18
_JOINT = re.compile(r"[,;:?.!\n]+|\b(?:and|also|plus|then|or)\b", re.IGNORECASE)
_CLAUSE = 3  # words: a shorter one asks nothing by itself
_BREATH = 40  # words: longer messages tell a story, and its clauses ask nothing


@lru_cache(maxsize=1)
def _splitter() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", ";", "…", "\n", "\n\n"]})
    return nlp


def pieces(text: str) -> List[str]:
    """The sentences of a message, short ones joined, endless ones cut into overlapping stretches. None is empty."""
    joined: List[str] = []
    for sentence in (span.text.strip() for span in _splitter()(text).sents):
        if not sentence:
            continue
        if joined and len(joined[-1].split()) < SHORT:
            joined[-1] = f"{joined[-1]} {sentence}"
        else:
            joined.append(sentence)
    found: List[str] = []
    for sentence in joined:
        words = sentence.split()
        if len(words) <= LONG:
            found.append(sentence)
        else:
            starts = range(0, len(words) - LONG + STEP, STEP)
            found.extend(" ".join(words[start : start + LONG]) for start in starts)
    return found


def candidates(text: str) -> List[str]:
    """The texts that a message is judged by: the whole and, where it has several, each piece. None of no words."""
    if not text.strip():
        return []
    parts = pieces(text)
    return [text, *parts] if len(parts) > 1 else [text]


def clauses(text: str) -> List[str]:
    """What stands between commas and "and": where two things are asked in one breath, each of them. Else nothing."""
    if len(text.split()) > _BREATH:
        return []
    parts = [part.strip() for part in _JOINT.split(text)]
    asked = [part for part in parts if len(part.split()) >= _CLAUSE]
    return asked if len(asked) > 1 else []
