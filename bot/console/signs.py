"""Names of signs, raisers and reasons in plain words, read from the red-flag catalogue."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.triage.catalogue import CatalogueError, catalogue_of
from bot.triage.tier import Tier

log = logging.getLogger(__name__)

_SAID = 12  # wordings of each sign that a search looks through

REASONS = {
    "red_flag": "Red flag in a message",
    "asked_for_person": "Asked for a person",
    "privacy_request": "Asks about their data",
    "concern": "A concern to call back about",
    "unsure": "The assistant was not sure",
    "attachment": "Sent a photo or file",
    "no_answer": "The assistant could not answer",
    "taken_over": "Taken over by staff",
    "undelivered": "A message could not be delivered: ring the patient",
    "check_unanswered": "Did not answer the symptom check",
    "link_ended": "Three wrong birth dates: the enrolment link has ended",
    "link_of_another": "Another patient's enrolment link was opened here: two on one phone, or one noted twice",
}
# Signs that no pattern of the catalogue's names: what the patient answered to a question of ours, or did not; and what
# the classifier makes of a message.
ANSWERS = {
    "answered_fever": "Says: fever of 38 °C or more",
    "answered_spreading": "Says: redness spreads, or skin gets hotter or more painful",
    "answered_pus": "Says: pus, ooze or a bad smell",
    "answered_breathing": "Says: trouble breathing, or face, lips or throat swollen",
    "answered_worse": "Says at a check-in: it is getting worse",
    "answered_unsure": "Not sure about the symptom check",
    "answered_infection": "Says yes to signs of infection",
    "answered_burn": "Says: a blister or raw skin",
    "answered_crisis": "Says yes to thoughts of ending their life",
    "answered_crisis_now": "Says they are not safe right now",
    "check_unanswered": REASONS["check_unanswered"],
    "classifier_emergency": "The whole message reads like an emergency",
    "classifier_urgent": "The whole message reads as urgent",
    "classifier_routine": "The whole message reads as one to call back about",
}
LOWERED = {
    "negated": "the patient says it is not so",
    "past": "in the past",
    "healed": "gone again",
    "idiom": "a figure of speech",
    "general_question": "a general question",
    "hypothetical": "a what-if",
    "other_person_past": "somebody else, in the past",
    "hearsay": "heard or read somewhere",
    "lookalike": "looks alike, means something else",
    "expected_on_day": "expected healing on this day",
    "word_alone": "a single word, and harmless by the rest of the message",
    "normal_temperature": "the temperature measured is normal",
}
SOURCES = {
    "ANA": "NHS, Anaphylaxis",
    "CEL": "NHS, Cellulitis",
    "CHU": "Chu 2021, microneedling side effects",
    "DEV": "Amiea Exceed device manual",
    "DHU": "Dhurat 2013, microneedling trial",
    "FIN": "EMA, finasteride review 2025",
    "GRA": "Friedmann 2024, granulomas",
    "K": "general clinical knowledge",
    "LAS": "Medscape, local anaesthetic toxicity",
    "MNX": "US minoxidil Drug Facts label",
    "PEP": "North Dakota HHS, needle exposure",
    "PET": "Tater 2021, pets and minoxidil",
    "POI": "Rose 1994, minoxidil poisoning",
    "RFM": "FDA 2025, radiofrequency microneedling",
    "SEP": "UK Sepsis Trust",
    "house": "house rule",
}
LAYERS = {
    "catalogue": "red-flag catalogue",
    "classifier": "trained classifier",
    "answer": "patient's answer to a question of ours",
    "silence": "silence after a question of ours",
}


@dataclass(frozen=True)
class KnownSign:
    """A sign to choose: its id, plain name and tier, and words of patients that a search looks through."""

    id: str
    name: str
    tier: Tier
    said: str


@dataclass(frozen=True)
class Signs:
    """Names by id; an id without one is said in its own words. `known`: the catalogue's, most urgent first."""

    names: Mapping[str, str] = field(default_factory=dict)
    raisers: Mapping[str, str] = field(default_factory=dict)
    known: tuple[KnownSign, ...] = ()

    def name(self, sign_id: str) -> str:
        """A sign's plain name."""
        return ANSWERS.get(sign_id) or _capital(self.names.get(sign_id) or sign_id.replace("_", " "))

    def raiser(self, raiser_id: str) -> str:
        """What raised a sign's tier: a raiser's name, or another sign's."""
        return self.raisers.get(raiser_id) or self.names.get(raiser_id) or raiser_id.replace("_", " ")


@cache
def load_signs(folder: Path) -> Signs:
    """Read the catalogue's names, once; without a readable catalogue, ids stand for names."""
    try:
        catalogue = catalogue_of(folder)
    except CatalogueError as error:
        log.error("the console shows ids for names of signs: %s", error)  # noqa: TRY400 - the message says it all
        return Signs()
    known = [
        KnownSign(sign.id, sign.name, sign.tier, " ".join(said.text for said in sign.wordings[:_SAID]))
        for sign in catalogue.signs.values()
    ]
    return Signs(
        {sign.id: sign.name for sign in catalogue.signs.values()},
        {raiser.id: raiser.name for raiser in catalogue.raisers.values()},
        tuple(sorted(known, key=lambda sign: (-sign.tier, sign.name))),
    )


def reason(key: str) -> str:
    """Why a case was opened, where no sign says it."""
    return REASONS.get(key) or _capital(key.replace("_", " "))


def lowered_because(key: str) -> str:
    """Why a match did not count."""
    return LOWERED.get(key) or key.replace("_", " ")


def source(key: str) -> str:
    """Where a sign comes from: the source behind its key in the clinical facts; the classifier has none."""
    return f"{SOURCES[key]} ({key})" if key in SOURCES else "" if key == "classifier" else key


def layer(key: str) -> str:
    """Which layer found a sign."""
    return LAYERS.get(key) or key.replace("_", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
