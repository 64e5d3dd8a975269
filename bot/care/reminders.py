"""What is said to a patient's wish about reminders. Pure."""

from __future__ import annotations

from bot.care.clinic import Clinic


def wish_key(clinic: Clinic, *, wanted: bool) -> str:
    """The response to a wish; a clinic that sends none says so."""
    if not wanted:
        return "utter_reminders_off"
    return "utter_reminders_on" if clinic.follow_up.offer else "utter_reminders_none"
