"""Every value of clinic.yml that patients can read: changed in the file, it changes in the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from bot.care.clinic import Clinic
from bot.care.clinic_sections import Privacy
from tests.actions.talk import ROOT, Talk, verdict

DAY_0 = ("2025-06-10T17:30", "2025-06-10T11:30")
UNKNOWN = ("2025-06-10T17:30", None)
CLOSED = ("2025-06-10T22:00", "2025-06-10T11:30")
LATER = ("2025-06-20T14:00", "2025-06-10T11:30")

Ask = Callable[[Talk], str]


def ask(text: str, topic: str) -> Ask:
    return lambda talk: talk.say(text, topic).text


def sign(tier: str, *advice: str) -> Ask:
    return lambda talk: talk.say("something", "side_effects", triage=verdict(tier, *advice)).text


# Key -> its other value, when it is, what the patient says, and what the answer then says (and did not before).
SAID: dict[str, tuple[Any, tuple[str, str | None], Ask, str]] = {
    "name": ("Hazel Clinic", UNKNOWN, ask("hi", "greet"), "Hazel Clinic"),
    "zone": ("America/New_York", DAY_0, ask("when can i wash", "washing_hair"), "from 06:30 tomorrow"),
    "tone.bot_name": ("Moss", UNKNOWN, ask("hi", "greet"), "I'm Moss"),
    "tone.painkiller": ("acetaminophen", DAY_0, ask("it is sore", "pain_relief"), "take acetaminophen"),
    "tone.minoxidil": ("Rogaine", UNKNOWN, ask("when minoxidil", "minoxidil_timing"), "Leave Rogaine off"),
    "tone.emergency_department": ("the ER", DAY_0, sign("urgent", "blood_exposure"), "the ER can start it"),
    "tone.clock": ("12h", DAY_0, ask("when can i wash", "washing_hair"), "from 11:30 am tomorrow"),
    "contacts.phone": ("020 7946 0999", DAY_0, sign("urgent", "infection"), "call the clinic now: 020 7946 0999"),
    "contacts.out_of_hours_phone": ("119", CLOSED, sign("urgent", "infection"), "please call 119"),
    "contacts.out_of_hours_name": ("the night nurse", CLOSED, sign("urgent", "infection"), "(the night nurse)"),
    "contacts.address": ("3 Elm Road", UNKNOWN, ask("where are you", "book_or_human"), "3 Elm Road"),
    "contacts.website": ("https://elm.example", UNKNOWN, ask("where are you", "book_or_human"), "https://elm.example"),
    "contacts.emergency_number": ("112", DAY_0, sign("emergency", "allergy"), "Call 112 now"),
    "contacts.poison_line": ("0344 892 0111", DAY_0, sign("emergency", "poison"), "Call 0344 892 0111"),
    "contacts.crisis_line": ("0800 689 5652", DAY_0, sign("emergency", "crisis"), "Call 0800 689 5652"),
    "contacts.crisis_line_name": ("the helpline", DAY_0, sign("emergency", "crisis"), "(the helpline,"),
    "contacts.vet_line": ("020 7946 0111", DAY_0, sign("urgent", "vet"), "a vet or 020 7946 0111"),
    "hours.monday": ("10:00-16:00", UNKNOWN, ask("when are you open", "book_or_human"), "Monday 10:00 to 16:00"),
    "hours.tuesday": ("09:00-17:00", DAY_0, sign("urgent", "infection"), "closed until"),
    "hours.wednesday": ("11:00-18:00", CLOSED, sign("urgent", "infection"), "closed until 11:00 tomorrow"),
    "hours.thursday": ("closed", UNKNOWN, ask("when are you open", "book_or_human"), "Wednesday 09:00 to 18:00, Fri"),
    "hours.friday": ("closed", UNKNOWN, ask("when are you open", "book_or_human"), "Monday to Thursday"),
    "hours.saturday": ("09:00-12:00", UNKNOWN, ask("when are you open", "book_or_human"), "Saturday 09:00"),
    "hours.sunday": ("09:00-12:00", UNKNOWN, ask("when are you open", "book_or_human"), "Sunday 09:00"),
    "hours.holidays": (["2025-06-10"], DAY_0, sign("urgent", "infection"), "closed until 09:00 tomorrow"),
    "targets.urgent": (4, DAY_0, sign("urgent", "infection"), "answer you here by 21:30 today"),
    "targets.urgent_counts": ("opening_hours", DAY_0, sign("urgent", "infection"), "here by 10:30 tomorrow"),
    "targets.routine": (36, DAY_0, sign("routine", "routine"), "by Monday 16 June"),
    "protocol.minox_before_h": (36, UNKNOWN, ask("when do i stop before my session", "minoxidil_timing"), "36 hours"),
    "protocol.minox_after_h": (36, DAY_0, ask("minoxidil tonight?", "minoxidil_timing"), "23:30 tomorrow"),
    "protocol.minox_after_h_deep": (72, DAY_0, ask("minoxidil?", "minoxidil_timing"), "from Friday 13 June at 11:30"),
    "protocol.deep_from_mm": (1.5, DAY_0, ask("minoxidil?", "minoxidil_timing"), "from 11:30 tomorrow"),
    "protocol.wash_h": (36, DAY_0, ask("when can i wash", "washing_hair"), "from 23:30 tomorrow, 36 hours"),
    "protocol.sweat_h": (60, DAY_0, ask("gym?", "exercise_sweat"), "Thursday 12 June at 23:30"),
    "protocol.pool_h": (96, DAY_0, ask("swim?", "exercise_sweat"), "Saturday 14 June at 11:30"),
    "protocol.sunscreen_h": (48, DAY_0, ask("spf?", "sunscreen"), "Thursday 12 June at 11:30"),
    "protocol.product_h": (96, DAY_0, ask("gel?", "hair_products_dye"), "Saturday 14 June at 11:30"),
    "protocol.dye_d": (10, DAY_0, ask("bleach?", "hair_products_dye"), "Friday 20 June at 11:30"),
    "protocol.nsaid_avoid_h": (72, DAY_0, ask("ibuprofen?", "pain_relief"), "Friday 13 June at 11:30"),
    "protocol.alcohol_h": (48, DAY_0, ask("wine?", "alcohol_smoking"), "Thursday 12 June at 11:30"),
    "protocol.worse_after_h": (72, DAY_0, ask("is red normal", "side_effects"), "Worse after 72 hours"),
    "protocol.shedding_weeks": (6, DAY_0, ask("shedding?", "side_effects"), "2 to 6 weeks"),
    "protocol.clinic_depth_min_mm": (0.6, UNKNOWN, ask("how long are the needles", "needle_length"), "0.6 to 1.5 mm"),
    "protocol.clinic_depth_max_mm": (2, UNKNOWN, ask("how long are the needles", "needle_length"), "0.5 to 2 mm"),
    "protocol.numbing_product": ("EMLA", UNKNOWN, ask("the numbing cream?", "procedure"), "cream used here is EMLA"),
    "protocol.numbing_minutes": (60, UNKNOWN, ask("how does it go", "procedure"), "about 60 minutes"),
    "protocol.session_minutes": (50, UNKNOWN, ask("how does it go", "procedure"), "about 50 minutes"),
    "protocol.interval_d": (35, UNKNOWN, ask("how often", "session_frequency"), "35 days apart"),
    "protocol.review_weeks": (20, UNKNOWN, ask("when results", "results_timeline"), "Give it 20 weeks"),
    "protocol.cleaning_product": ("Saline X", DAY_0, ask("antiseptic?", "infection_prevention"), "that is: Saline X"),
    "stances.home_devices": ("limited", UNKNOWN, ask("a roller at home?", "home_devices"), "If you use one"),
    "stances.topical_finasteride": (True, UNKNOWN, ask("topical fin?", "other_treatments"), "allows it beside"),
    "stances.topical_steroid": (True, UNKNOWN, ask("steroid cream?", "other_treatments"), "allows it beside"),
    "stances.prp_offered": (True, UNKNOWN, ask("prp?", "other_treatments"), "Questions and prices"),
    "stances.radiofrequency_used": (True, UNKNOWN, ask("rf scars?", "scarring"), "before you agree"),
    "stances.refuse": (["children"], UNKNOWN, ask("who can't", "contraindications"), "doesn't treat: children"),
    "stances.defer": (["thinners"], UNKNOWN, ask("who can't", "contraindications"), "to wait first: thinners"),
    "stances.prices": ([{"item": "One", "price": "£9"}], UNKNOWN, ask("how much", "cost"), "One £9"),
    "privacy.chat_days": (45, UNKNOWN, ask("what is kept", "privacy_request"), "kept 45 days"),
    "privacy.contact": ("Ana", UNKNOWN, ask("what is kept", "privacy_request"), "rights: Ana"),
}  # fmt: skip
# What no answer can show: how others work, each with tests of its own.
ELSEWHERE = {
    "country", "locale", "require_approval", "targets.emergency", "targets.takeover", "symptom_check.wait_minutes",
    "privacy.notice_url",
    *(f"privacy.{key}" for key in Privacy.model_fields if key.endswith(("_days", "_hours")) and key != "chat_days"),
}  # fmt: skip
DEEP = {"protocol.minox_after_h_deep", "protocol.deep_from_mm"}
BESIDE = {"protocol.minox_after_h": {"protocol.minox_after_h_deep": 48}}


def keys(model: type[BaseModel], before: str = "") -> set[str]:
    """Every dotted key of the clinic's file; a list counts as one."""
    found = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner, f"{before}{name}.")
        else:
            found.add(f"{before}{name}")
    return found


def test_every_key_of_the_clinics_file_is_tried() -> None:
    others = {key for key in keys(Clinic) if key.startswith(("follow_up.", "consent.", "alerts.", "channels."))}
    assert keys(Clinic) - others == set(SAID) | ELSEWHERE


@pytest.mark.parametrize("key", SAID)
def test_a_value_changed_in_the_file_changes_in_the_answer(clinic_with: Callable[..., Any], key: str) -> None:
    value, (now, session), patient_says, expected = SAID[key]
    depth = 1.2 if key in DEEP else None
    before = patient_says(Talk.at(now, session, depth))
    clinic_with({key: value, **BESIDE.get(key, {})})
    after = patient_says(Talk.at(now, session, depth))
    assert expected in after
    assert expected not in before


@pytest.mark.parametrize("key", [key for key in SAID if key.startswith("protocol.") and key not in DEEP])
def test_a_value_set_to_null_leaves_the_answer_without_it(clinic_with: Callable[..., Any], key: str) -> None:
    _, (now, session), patient_says, expected = SAID[key]
    depths = {"protocol.clinic_depth_min_mm", "protocol.clinic_depth_max_mm"}
    clinic_with(dict.fromkeys(depths if key in depths else {key}))
    text = patient_says(Talk.at(now, session))
    assert expected not in text
    assert "None" not in text
    assert "null" not in text


def test_the_figures_of_every_answer_are_the_clinics(clinic_with: Callable[..., Any]) -> None:
    """With every wait moved, no general answer names a number of hours or days that the file does not hold."""
    moved = {
        "protocol.minox_before_h": 31, "protocol.minox_after_h": 32, "protocol.minox_after_h_deep": 52,
        "protocol.wash_h": 33, "protocol.sweat_h": 34, "protocol.pool_h": 135, "protocol.sunscreen_h": 36,
        "protocol.product_h": 137, "protocol.dye_d": 13, "protocol.nsaid_avoid_h": 138, "protocol.alcohol_h": 139,
        "protocol.interval_d": 29,
    }  # fmt: skip
    file = clinic_with(moved)
    held = {
        f"{value:g}"
        for value in yaml.safe_load(file.read_text())["protocol"].values()
        if isinstance(value, (int, float))
    }
    topics = ("minoxidil_timing", "washing_hair", "exercise_sweat", "sunscreen", "hair_products_dye", "alcohol_smoking",
              "session_frequency")  # fmt: skip
    for topic in topics:
        text = Talk.at(*UNKNOWN).say("when", topic).text
        assert set(re.findall(r"(\d+) (?:hours|days)\b", text)) <= held, text


def test_the_country_gives_the_numbers_that_the_clinic_leaves_out(clinic_with: Callable[..., Any]) -> None:
    contacts = yaml.safe_load((ROOT / "clinic.yml").read_text())["contacts"]
    own = {key: contacts[key] for key in ("phone", "address", "website")}
    clinic_with({"country": "AU", "contacts": own})
    assert sign("emergency", "allergy")(Talk.at(*DAY_0)).startswith("Call 000 now")
    assert "13 11 14 (Lifeline" in sign("emergency", "crisis")(Talk.at(*DAY_0))
    assert "13 11 26 (poison line)" in sign("emergency", "poison")(Talk.at(*DAY_0))
    assert "1800 022 222 (healthdirect)" in sign("urgent", "infection")(Talk.at(*CLOSED))


def test_the_country_decides_how_a_date_in_figures_is_read(clinic_with: Callable[..., Any]) -> None:
    talk = Talk.at(*UNKNOWN)
    talk.say("my session was on 5/6", "inform_session_time")
    assert talk.treatment is not None
    assert talk.treatment["ended_at"].startswith("2025-06-05")
    clinic_with({"country": "US"})
    talk = Talk.at(*UNKNOWN)
    talk.say("my session was on 5/6", "inform_session_time")
    assert talk.treatment is not None
    assert talk.treatment["ended_at"].startswith("2025-05-06")
