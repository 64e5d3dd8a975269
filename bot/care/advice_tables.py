"""Which responses go with which advice. The order of a table is the order of need: what stands first is said first."""

from __future__ import annotations

# The advice a sign of the catalogue calls for, where its own advice key only names its tier.
KIND = {
    "anaphylaxis": "allergy",
    "confusion": "sepsis",
    "sepsis": "sepsis",
    "chest_pain": "collapse",
    "heart_and_breath": "collapse",
    "collapse": "collapse",
    "seizure": "collapse",
    "numbing_toxicity": "lidocaine",
    "severe_bleeding": "bleeding",
    "rapid_infection": "infection",
    "cellulitis": "infection",
    "hot_swollen": "infection",
    "pus": "infection",
    "fever": "fever",
    "chills": "fever",
    "worse_after_day_2": "worse",
    "severe_pain": "worse",
    "herpes": "herpes",
    "contact_allergy": "allergy",
    "shared_needle": "blood_exposure",
    "broken_needle": "needle",
    "bleeding_next_day": "bleeding",
    "bleeding_hours": "bleeding",
    "bleeding_on_thinners": "bleeding",
    "burn": "burn",
    "pregnant_exposed": "pregnancy",
    "pregnancy_discovered": "pregnancy",
    "low_mood": "mood",
    "despair": "mood",
    "low_mood_mild": "mood",
    "complaint": "complaint",
}
# Advice that only names a tier.
GENERAL = frozenset({"emergency", "urgent", "routine"})
ALIASES = {"stop_finasteride": "mood"}

# The call that comes first, by advice; everything else calls the emergency number. Most pressing first.
CALLS = {"crisis": "utter_call_crisis", "poison": "utter_call_poison", "eye": "utter_call_eye"}
AGAIN = {"utter_call_crisis": "utter_again_crisis", "utter_call_poison": "utter_again_poison"}
DO = {
    "allergy": "utter_do_allergy",
    "collapse": "utter_do_collapse",
    "sepsis": "utter_do_sepsis",
    "fever": "utter_do_sepsis",
    "lidocaine": "utter_do_lidocaine",
    "poison": "utter_do_poison",
    "bleeding": "utter_do_bleeding",
    "stop_minoxidil": "utter_do_stop_minoxidil",
    "infection": "utter_do_infection",
    "worse": "utter_do_infection",
    "eye": "utter_do_eye",
    "burn": "utter_do_burn",
    "herpes": "utter_do_herpes",
    "crisis": "utter_do_crisis",
    "mood": "utter_do_crisis",
}
DONT = {
    "infection": "utter_dont_infection",
    "sepsis": "utter_dont_infection",
    "fever": "utter_dont_fever",
    "worse": "utter_dont_worse",
    "herpes": "utter_dont_herpes",
    "allergy": "utter_dont_allergy",
    "stop_minoxidil": "utter_dont_stop_minoxidil",
    "collapse": "utter_dont_stop_minoxidil",
    "blood_exposure": "utter_dont_blood_exposure",
    "needle": "utter_dont_needle",
    "burn": "utter_dont_burn",
    "bleeding": "utter_dont_bleeding",
    "eye": "utter_dont_eye",
    "pregnancy": "utter_dont_pregnancy",
    "poison": "utter_dont_poison",
    "mood": "utter_dont_mood",
    "crisis": "utter_dont_mood",
}
DANGER = {
    "infection": "utter_danger_infection",
    "sepsis": "utter_danger_infection",
    "fever": "utter_danger_infection",
    "worse": "utter_danger_infection",
    "needle": "utter_danger_infection",
    "stop_minoxidil": "utter_danger_heart",
    "collapse": "utter_danger_heart",
    "allergy": "utter_danger_allergy",
    "burn": "utter_danger_burn",
    "bleeding": "utter_danger_bleeding",
    "eye": "utter_danger_eye",
    "herpes": "utter_danger_herpes",
    "poison": "utter_danger_poison",
    "mood": "utter_danger_mood",
    "crisis": "utter_danger_mood",
    "blood_exposure": "utter_danger_unwell",
    "pregnancy": "utter_danger_unwell",
}
ROUTINE = {
    "mood": "utter_routine_mood",
    "crisis": "utter_routine_mood",
    "pregnancy": "utter_routine_pregnancy",
    "complaint": "utter_routine_complaint",
    "unsure": "utter_routine_unsure",
}
OPENING = {
    "mood": "utter_urgent_mood",
    "crisis": "utter_urgent_mood",
    "poison": "utter_urgent_poison",
    "eye": "utter_urgent_eye",
}
# What must be repeated even in the shorter, second reply: acts that help only now.
ACTS = ("poison", "eye", "blood_exposure", "stop_minoxidil", "mood", "crisis")
MOST_DOS = 2
