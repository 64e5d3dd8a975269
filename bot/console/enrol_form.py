"""The form of a new session: the little that the care plan and the patient's sheet need."""

from collections.abc import Mapping
from datetime import date

from bot.care.birth_date import AGES
from bot.care.clinic_sections import Protocol
from bot.care.plan import RULES
from bot.console.console import Console
from bot.console.plan_view import NAMES
from bot.console.treatment_form import FormError, read_session
from bot.conversation.enrolment import Identity, SessionNote
from bot.conversation.inbound import clean

_LONGEST = {"h": 14 * 24.0, "d": 90.0}
# What a personal instruction may be about, and in which unit its wait is given.
INSTRUCTIONS = {
    rule.key: f"{NAMES[name]} ({'days' if rule.key.endswith('_d') else 'hours'})"
    for name, rule in RULES.items()
    if rule.key is not None and rule.key != "nsaid_avoid_h"
}


def read_note(console: Console, form: Mapping[str, str]) -> SessionNote:
    """The session as the form gives it. Raises FormError naming the field and the mend."""
    called = clean(form.get("called", ""))
    if not called or len(called) > 40 or "@" in called:
        raise FormError("called", "Write a first name, initials or your reference, at most 40 characters.")
    said = read_session(console, form)
    area, device, done_by = (clean(form.get(name, ""))[:60] for name in ("area", "device", "done_by"))
    personal, identity = _instruction(form), read_identity(console, form)
    return SessionNote(called, said.ended_at, said.depth_mm, area, device, done_by, personal, identity)


def read_identity(console: Console, form: Mapping[str, str]) -> Identity:
    """Who the patient is, as far as the form says. Raises FormError."""
    number, written = clean(form.get("patient_number", "")), form.get("birth_date", "").strip()
    if len(number) > 40:
        raise FormError("patient_number", "Write the patient's number with at most 40 characters.")
    if not written:
        return Identity(number)
    today = console.services.clock.now().astimezone(console.services.clinic.tz).date()
    try:
        born = date.fromisoformat(written)
    except ValueError:
        born = today
    if today.year - born.year not in AGES:
        raise FormError("birth_date", "Write the whole date of birth, or leave it empty.")
    return Identity(number, born)


def _instruction(form: Mapping[str, str]) -> dict[str, float]:
    key, written = form.get("instruction", ""), form.get("wait", "").strip()
    if not key and not written:
        return {}
    if key not in INSTRUCTIONS:
        raise FormError("instruction", "Choose what the instruction is about, or leave both fields empty.")
    least, most = _bounds(key)
    try:
        wait = float(written.replace(",", "."))
    except ValueError:
        wait = -1.0
    if not least <= wait <= most:
        unit = "days" if key.endswith("_d") else "hours"
        raise FormError("wait", f"Write how many {unit} after the session: {least:g} to {most:g}.")
    return {key: wait}


def _bounds(key: str) -> tuple[float, float]:
    """No shorter than a clinic may set for everybody; a clinician may ask one patient to wait longer."""
    allowed = Protocol.model_json_schema()["properties"][key]["anyOf"][0]
    return float(allowed["minimum"]), _LONGEST[key[-1]]
