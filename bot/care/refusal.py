"""Does a patient refuse the help they were told to get? "I don't want to call anyone". Not: "I can't call"."""

from __future__ import annotations

import re

from bot.triage.words import flat

_WILL_NOT = (
    r"\b(?:do ?n'?t (?:want|wanna|need|feel like|plan|intend)(?: to)?|do not (?:want|need|wish)(?: to)?|won'?t|will not"
    r"|not (?:going to|gonna|about to)|i'?m not|refuse to|rather not|no way i'?m)\b(?: be)?"
)
_HELPER = (
    r"(?:any ?(?:one|body)|you|them|her|him|the (?:clinic|nurse|doctor|team|number|line)|an? (?:doctor|nurse|ambulance"
    r"|hospital|person|vet)|doctors?|nurses?|hospitals?|the (?:er|hospital|emergency)|a ?& ?e|\ber\b|ambulance|help"
    r"|some ?(?:one|body)|999|911|112|111|000|988)"
)
_REFUSES = re.compile(
    rf"{_WILL_NOT} (?:(?:even |really |to )*)(?:call|calling|ring|ringing|phone|phoning|dial|dialling)\b(?! me\b)"
    rf"|{_WILL_NOT} (?:\w+ ){{0,2}}(?:see|seeing|go|going|bother|bothering|talk|talking|speak|speaking"
    rf"|contact|contacting|tell|wake)\b(?: to| with| in)*(?: the)? {_HELPER}"
    rf"|{_WILL_NOT} (?:any )?{_HELPER}\b"
    r"|\bno (?:doctors?|hospitals?|ambulance|calls?)\b|\bstop telling me to call\b|\bi said no\b"
    r"|^\W*(?:just |please )?(?:leave it|drop it)(?: (?:will you|alone|there|now|please|ok))*\W*$|\bstop (?:nagging"
    r"|going on)\b"
)


def refuses_help(text: str) -> bool:
    """Whether the patient will not call or see anyone. Somebody who cannot is not refusing."""
    words = flat(text)
    return "?" not in words and _REFUSES.search(words) is not None
