"""The /today answer: the care plan of one patient as a few lines. Pure."""

from collections.abc import Callable, Mapping

from bot.care.clinic import Clinic
from bot.care.plan import Activity, CarePlan
from bot.care.treatment import Treatment
from bot.care.values import activity_values, session_values
from bot.channels.telegram import phrases

Text = Callable[[str, Mapping[str, object] | None], str]


def today_text(clinic: Clinic, treatment: Treatment | None, plan: CarePlan, text: Text) -> str:
    """What is allowed now and what from when; a question back when nobody said when the session was."""
    if treatment is None:
        return text(phrases.TODAY_UNKNOWN, None)
    head = text(phrases.TODAY, session_values(treatment, clinic, plan.now))
    lines = "\n".join(_line(activity, plan, clinic, text) for activity in plan)
    return "\n\n".join((head, lines, text(phrases.TODAY_CLOSE, None)))


def _line(activity: Activity, plan: CarePlan, clinic: Clinic, text: Text) -> str:
    name = text(f"utter_activity_{activity.id}", None)
    values = {"activity": name, **activity_values(activity, plan, clinic)}
    if activity.allowed is None:
        return text(phrases.TODAY_ASK, values)
    if activity.allowed:
        return text(phrases.TODAY_ALLOWED, values)
    return text(phrases.TODAY_WAITS, values)
