"""The answer to a question about a topic. Chooses responses of domain.yml; all words stand there."""

from __future__ import annotations

from bot.care.answer_time import answer_time
from bot.care.asking import Answer, Asking
from bot.care.coming_session import asks_after, asks_before
from bot.care.denials import all_denied, without_denied
from bot.care.plan import RULES
from bot.care.topic_details import detail_for
from bot.care.topic_words import ACTIVITIES, MINOR, activity_for, names_nsaid
from bot.care.unconfirmed import own_up
from bot.care.values import Values, activity_values

TOPICS = (
    "side_effects", "healing_timeline", "pain_relief", "minoxidil_timing", "minoxidil_side_effects", "sunscreen",
    "infection_signs", "infection_prevention", "washing_hair", "exercise_sweat", "hair_products_dye",
    "other_treatments", "how_it_works", "needle_length", "procedure", "contraindications", "session_frequency",
    "results_timeline", "scarring", "home_devices", "cost", "alcohol_smoking", "sleep_position",
)  # fmt: skip

# Details of side effects whose answer already says from when it is no longer expected.
_DATED_DETAILS = {
    "utter_side_effects_burning",
    "utter_side_effects_shedding",
    "utter_side_effects_numb",
    "utter_side_effects_bleeding",
}
_EXPECTED_UNTIL_DAY = 3
_SETTLED_AFTER_DAY = 7
_SIGNS_LATER_FROM_DAY = 3


def answer_topic(topic: str, asking: Asking, activity: str | None = None) -> Answer:
    """The answer about `topic`; `activity` where the conversation already settled which of its activities is meant."""
    return own_up(_answer(topic, asking, activity), asking)


def _answer(topic: str, asking: Asking, activity: str | None) -> Answer:
    match topic:
        case "side_effects":
            return _side_effects(asking)
        case "infection_signs":
            return _infection_signs(asking)
        case "pain_relief" if activity == "nsaid" or (names_nsaid(asking.text) and not detail_for(topic, asking.text)):
            return answer_time(topic, "nsaid", asking)
    before = asking.coming is not None and asks_before(asking.text)
    if asking.coming is not None and topic == "minoxidil_timing" and not asks_after(asking.text):
        before = True
    detail = detail_for(topic, f"{asking.text} before my session" if before else asking.text)
    if detail is not None:
        return _detail(topic, detail, asking)
    if before and topic in ACTIVITIES:
        return Answer((("utter_before_session_ask", asking.values),), topic)
    activity = activity or activity_for(topic, asking.text)
    if activity is not None:
        return answer_time(topic, activity, asking)
    said = [(_general(topic, asking), asking.values)]
    if topic == "contraindications" and asking.clinic.stances.defer:
        said.append(("utter_contraindications_defer", asking.values))
    return Answer(tuple(said), topic)


def answer_subject(subject: str, asking: Asking) -> Answer:
    """The answer about something the conversation remembers: a topic, or topic/activity."""
    topic, _, activity = subject.partition("/")
    return answer_topic(topic, asking, activity if activity in RULES else None)


def why(subject: str, asking: Asking) -> Answer:
    """The reason behind the last answer."""
    topic, _, activity = subject.partition("/")
    stems = {"pool_sauna": "utter_pool_sauna", "dye": "utter_dye", "sun_hat": "utter_sun_hat", "nsaid": "utter_nsaid"}
    return Answer(((f"{stems.get(activity, f'utter_{topic}')}_why", asking.values),), subject)


def how_long(subject: str, asking: Asking) -> Answer:
    """How long, for the subject of the last answer."""
    topic, _, activity = subject.partition("/")
    if activity in RULES:
        return own_up(answer_time(topic, activity, asking), asking)
    key = f"utter_{topic}_how_long"
    if key in asking.wording:
        return own_up(Answer(((key, asking.values),), subject), asking)
    return answer_topic(topic, asking)


def _side_effects(asking: Asking) -> Answer:
    if all_denied(asking.text):
        return Answer((("utter_signs_denied", asking.values),), "side_effects")
    detail = detail_for("side_effects", without_denied(asking.text)) or "utter_side_effects"
    said = [(detail, asking.values)]
    if detail == "utter_side_effects_burning":
        return Answer(tuple(said), "side_effects", asked="burning")
    if detail in _DATED_DETAILS:
        return Answer(tuple(said), "side_effects")
    said.append((_day_line(asking.day), asking.values))
    return Answer(tuple(said), "side_effects", wants_time=asking.day is None)


def _day_line(day: int | None) -> str:
    if day is None:
        return "utter_day_unknown"
    if day <= _EXPECTED_UNTIL_DAY:
        return "utter_day_expected"
    return "utter_day_settling" if day <= _SETTLED_AFTER_DAY else "utter_day_late"


def _infection_signs(asking: Asking) -> Answer:
    if all_denied(asking.text) and "?" not in asking.text:
        return Answer((("utter_signs_denied", asking.values),), "infection_signs")
    key = detail_for("infection_signs", asking.text)
    if key is None:
        day = asking.day
        stem = "utter_infection_signs"
        key = stem if day is None else f"{stem}_early" if day < _SIGNS_LATER_FROM_DAY else f"{stem}_later"
    return Answer(((key, asking.values),), "infection_signs", asked="infection")


def _detail(topic: str, detail: str, asking: Asking) -> Answer:
    stances = asking.clinic.stances
    activity = activity_for(topic, asking.text)
    values = asking.values | _times(activity, asking)
    match detail:
        case "finasteride_topical":
            detail = f"utter_finasteride_topical_{'yes' if stances.topical_finasteride else 'no'}"
        case "prp":
            detail = f"utter_prp_{'offered' if stances.prp_offered else 'not_offered'}"
        case "rf":
            line = asking.wording.render(f"utter_rf_{'used' if stances.radiofrequency_used else 'not_used'}", **values)
            return Answer((("utter_scarring_rf", values | {"rf_line": line}),), topic)
        case "utter_steroid" if stances.topical_steroid:
            detail = "utter_steroid_allowed"
        case "utter_procedure_numbing":
            return Answer(((detail, values), ("utter_numbing_product", values)), topic)
        case "utter_caffeine":
            return Answer(((detail, values),), f"{topic}/caffeine", asked="caffeine")
        case "utter_contraindications_age":
            return Answer(((detail, values),), MINOR)
    wants_time = asking.treatment is None and "from" in asking.wording.get(detail).fields
    subject = f"{topic}/{activity}" if activity else topic
    return Answer(((detail, values),), subject, wants_time)


def _times(activity: str | None, asking: Asking) -> Values:
    """`from` and the like where the wait still runs; once it is over nothing is said about it."""
    if activity is None:
        return {}
    plan = asking.plan
    act = plan[activity]
    if act.allowed:
        return {"wait": None, "from": None, "hours_left": None}
    return activity_values(act, plan, asking.clinic)


def _general(topic: str, asking: Asking) -> str:
    stances = asking.clinic.stances
    if topic == "home_devices" and stances.home_devices == "limited":
        return "utter_home_devices_limited"
    if topic == "contraindications" and stances.refuse:
        return "utter_contraindications_refuse"
    return f"utter_{topic}"
