"""Conversations of several turns, as patients have them."""

from __future__ import annotations

from bot.care.effects import CaseEffect, PersonalEffect, TopicEffect, TreatmentEffect
from tests.actions.talk import Talk, verdict


def test_minoxidil_is_refused_kindly_three_times_with_the_patients_own_time() -> None:
    talk = Talk.at("2025-06-10T17:30", "2025-06-10T11:30")
    said = talk.say("had the needles done this morning. can i put my rogaine on before bed?", "minoxidil_timing")
    assert said.text.startswith("Not tonight")
    assert "24 hours" in said.text
    assert "11:30 tomorrow" in said.text
    assert said.buttons == []
    said = talk.say("what if I just do a tiny bit at the hairline", "hair_products_dye")
    assert "Even a little counts" in said.text
    assert "11:30 tomorrow" in said.text
    said = talk.say("fine. so tomorrow morning at 7?", "inform_session_time")
    assert "07:00 tomorrow is still too early" in said.text
    assert "11:30 tomorrow" in said.text
    assert "Yes" in talk.say("ok 11:30 then", "affirm").text


def test_an_unknown_session_is_asked_for_and_the_question_then_answered() -> None:
    talk = Talk.at("2025-06-10T17:30")
    said = talk.say("can i use rogaine tonight?", "minoxidil_timing")
    assert [button["title"] for button in said.buttons] == ["Today", "Yesterday", "2-3 days ago", "Longer ago"]
    said = talk.press(said, "Yesterday")
    assert isinstance(said.effects[0], TreatmentEffect)
    assert "from tomorrow" in said.text
    said = talk.say("it was at 3pm", "inform_session_time")
    assert "your wait of 24 hours is over" in said.text.lower()


def test_the_session_time_is_not_asked_for_twice_in_a_row() -> None:
    talk = Talk.at("2025-06-10T17:30")
    assert talk.say("when can i wash", "washing_hair").buttons
    assert not talk.say("and the gym?", "exercise_sweat").buttons


def test_a_stated_session_is_kept_whatever_the_intent() -> None:
    talk = Talk.at("2025-06-10T17:30")
    said = talk.say("had it like 20 hours ago, can i do minoxidil now", "minoxidil_timing")
    assert isinstance(said.effects[0], TreatmentEffect)
    assert "21:30 today" in said.text
    talk = Talk.at("2025-06-10T17:30")
    assert isinstance(talk.say("hi, my session was this morning", "greet").effects[0], TreatmentEffect)


def test_gym_pool_how_long_why() -> None:
    talk = Talk.at("2025-06-11T12:00", "2025-06-10T11:30")
    assert "11:30 tomorrow" in talk.say("when can i go back to the gym", "exercise_sweat").text
    for text, intent in (("and what about swimming?", "exercise_sweat"), ("how long?", "follow_up_how_long")):
        said = talk.say(text, intent)
        assert "pool" in said.text.lower()
        assert "Friday 13 June at 11:30" in said.text
    assert "bacteria" in talk.say("why?", "follow_up_why").text


def test_a_correction_is_taken_without_fuss() -> None:
    talk = Talk.at("2025-06-10T23:30", "2025-06-10T11:30")
    assert "That's right" in talk.say("its 24 hours for minoxidil right?", "minoxidil_timing").text
    assert "shampoo or a leave-on serum" in talk.say("and how long for the caffeine one", "minoxidil_timing").text
    said = talk.say("no I meant the shampoo", "correction")
    assert "mild shampoo" in said.text
    assert "minoxidil" not in said.text
    assert "No scrubbing" in talk.say("ok and can i scrub a bit with it", "washing_hair").text


def test_two_questions_get_two_answers_and_are_remembered_by_their_order() -> None:
    talk = Talk.at("2025-06-10T19:30", "2025-06-10T11:30")
    said = talk.say("when can I wash my hair, and is one glass of wine tonight ok?", "alcohol_smoking", "washing_hair")
    assert said.text.index("First wash") < said.text.index("alcohol")
    assert said.effects[-1] == TopicEffect(("washing_hair", "alcohol_smoking"))
    assert "skip it" in talk.say("and the second one if i'd taken ibuprofen at lunch?", "pain_relief").text
    said = talk.say("ok so just the first then. lukewarm yes?", "washing_hair")
    assert said.text.startswith("Yes, lukewarm")
    assert "11:30 tomorrow" in said.text


def test_a_sign_in_small_talk_is_escalated_and_stays_so_when_played_down() -> None:
    talk = Talk.at("2025-06-13T14:00", "2025-06-10T11:30")
    assert "Pinkness" in talk.say("haha my barber says i look like a strawberry", "small_talk").text
    said = talk.say(
        "football tonight. yellow gunk, 38.7 last night lol", "exercise_sweat", triage=verdict("urgent", "infection")
    )
    assert said.order[0] == "effect"
    assert said.cases[0].tier == "urgent"
    assert "020 7946 0857" in said.text
    assert "No sport" in said.text
    for intent in ("small_talk", "side_effects", "out_of_scope", "nlu_fallback", "deny", "healing_timeline"):
        said = talk.say("relax its probably just sweat and a cold", intent)
        assert "still needs to be looked at today" in said.text, intent


def test_with_an_urgent_case_open_nothing_is_allowed() -> None:
    talk = Talk.at("2025-06-16T14:00", "2025-06-10T11:30")
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    for text, intent in (
        ("gym today?", "exercise_sweat"),
        ("rogaine now?", "minoxidil_timing"),
        ("wash?", "washing_hair"),
    ):
        said = talk.say(text, intent)
        assert "until the clinic has looked" in said.text
        assert "still needs to be looked at today" in said.text
        assert not said.text.startswith("Yes")


def test_a_closed_case_is_over() -> None:
    talk = Talk.at("2025-06-16T14:00", "2025-06-10T11:30")
    talk.case = {"tier": "urgent", "state": "closed"}
    assert talk.say("gym today?", "exercise_sweat").text.startswith("Yes")


def test_nothing_but_help_goes_with_an_emergency() -> None:
    talk = Talk.at("2025-06-10T22:30", "2025-06-10T11:30")
    said = talk.say("throat closing also can i wash", "washing_hair", triage=verdict("emergency", "allergy"))
    assert said.order == ["effect", "text"]
    assert said.text.startswith("Call 999 now")
    assert "wash" not in said.text
    again = talk.say("still bad", "side_effects", triage=verdict("emergency", "allergy"))
    assert again.text.startswith("999")
    assert len(again.text) < len(said.text)


def test_a_worse_sign_after_an_urgent_one_gets_its_full_reply() -> None:
    talk = Talk.at("2025-06-13T14:00", "2025-06-10T11:30")
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    assert talk.say("cant breathe", "side_effects", triage=verdict("emergency", "allergy")).text.startswith(
        "Call 999 now"
    )


def test_are_you_safe_no_calls_the_emergency_number_yes_stays_with_them() -> None:
    talk = Talk.at("2025-06-10T22:30")
    said = talk.say("i dont want to be here anymore", "small_talk", triage=verdict("emergency", "crisis"))
    assert said.text.startswith("Call 116 123")
    assert talk.press(said, "Yes, I'm safe right now").text.startswith("I'm glad")
    talk.say("still feel like that", "small_talk", triage=verdict("emergency", "crisis"))
    assert talk.say("no", "deny").text.startswith("Call 999 now")


def test_yes_to_thoughts_of_ending_it_is_an_emergency() -> None:
    talk = Talk.at("2025-06-10T12:30")
    talk.say("on fin and feel hopeless", "other_treatments", triage=verdict("urgent", "mood"))
    said = talk.say("yes sometimes", "affirm")
    assert said.cases[0].tier == "emergency"
    assert "116 123" in said.text


def test_yes_to_signs_of_infection_is_urgent_no_is_good_news() -> None:
    talk = Talk.at("2025-06-13T12:30", "2025-06-10T11:30")
    said = talk.say("does it look infected", "infection_signs")
    assert "can't tell" in said.text
    assert "Good to hear" in talk.press(said, "No, none of these").text
    said = talk.press(said, "Yes, one of these")
    assert said.cases[0].tier == "urgent"
    assert "squeeze" in said.text


def test_burning_is_asked_about_before_it_is_answered() -> None:
    talk = Talk.at("2025-06-10T17:30", "2025-06-10T11:30")
    said = talk.say("my scalp burns a bit", "side_effects")
    assert "stinging is common" in talk.press(said, "It only stings").text
    assert talk.press(said, "A blister or raw skin").cases[0].tier == "urgent"


def test_signs_denied_are_not_escalated_and_not_repeated_back() -> None:
    talk = Talk.at("2025-06-12T14:00", "2025-06-10T11:30")
    said = talk.say("day 2, no pus, no fever, no spreading, just a bit pink and itchy. ok?", "side_effects")
    assert "You're on day 2, so that's expected" in said.text
    assert not said.cases
    for text in ("not bleeding either and it doesn't hurt", "and my wife hasn't got a fever either lol"):
        for intent in ("side_effects", "small_talk", "infection_signs", "deny"):
            said = talk.say(text, intent)
            assert "Good to hear" in said.text
            assert not said.cases


def test_a_nurses_longer_wait_is_followed_and_a_shorter_one_is_not() -> None:
    talk = Talk.at("2025-06-10T16:00", "2025-06-09T10:00")
    said = talk.say(
        "nurse said 48h for me not 24. so when is minoxidil ok? session was monday 10am", "minoxidil_timing"
    )
    assert PersonalEffect("minox_after_h", 48.0) in said.effects
    assert "10:00 tomorrow" in said.text
    said = talk.say("actually the nurse said 12 hours", "minoxidil_timing")
    assert not [effect for effect in said.effects if isinstance(effect, PersonalEffect)]
    assert "48 hours" in said.text
    assert talk.personal == {"minox_after_h": 48.0}


def test_a_person_is_brought_in_without_conditions() -> None:
    talk = Talk.at("2025-06-10T16:00", "2025-06-09T10:00")
    said = talk.say("get me a nurse", "book_or_human")
    assert said.effects == [CaseEffect("routine", "asked_for_person")]
    assert "020 7946 0857" in said.text
    talk = Talk.at("2025-06-14T16:00")
    said = talk.say("i want to talk to someone", "book_or_human")
    assert "closed now" in said.text
    assert "999" in said.text


def test_a_person_for_later_opens_no_case() -> None:
    talk = Talk.at("2025-06-10T16:00", "2025-06-09T10:00")
    said = talk.say("can i have her back if it stings when i start", "book_or_human")
    assert said.text.startswith("Yes, of course")
    assert "rinse" in said.text
    assert not said.cases


def test_booking_hours_and_address_come_from_the_clinics_file() -> None:
    talk = Talk.at("2025-06-10T16:00")
    assert "until 18:00" in talk.say("are you open now?", "book_or_human").text
    assert "12 Juniper Row" in talk.say("where are you?", "book_or_human").text
    said = talk.say("need to move my appointment", "book_or_human")
    assert "https://juniper-hair.example" in said.text
    assert not said.cases
    assert talk.say("yes", "affirm").cases


def test_not_understood_asks_then_offers_then_fetches_a_person() -> None:
    talk = Talk.at("2025-06-10T16:00")
    talk.ranking = ["sleep_position", "cost"]
    said = talk.say("blorp", "nlu_fallback")
    assert [b["title"] for b in said.buttons] == ["Sleeping", "Prices", "Talk to a person"]
    assert [b["title"] for b in talk.say("blarp", "nlu_fallback").buttons] == ["Yes, please", "No, thanks"]
    assert talk.say("bleep", "nlu_fallback").cases == [CaseEffect("routine", "unsure")]
    talk.say("thanks", "thanks")
    assert "other words" in talk.say("blorp", "nlu_fallback").text


def test_other_languages_are_not_gibberish() -> None:
    talk = Talk.at("2025-06-11T12:00", "2025-06-10T11:30")
    said = talk.say("Hola, me hicieron microneedling ayer y me pica mucho la cabeza, es normal?", "nlu_fallback")
    assert "picor" in said.text
    said = talk.say("tengo tambien fiebre, 39, y me sale pus", "out_of_scope", triage=verdict("urgent", "fever"))
    assert "HOY" in said.text
    assert said.cases[0].tier == "urgent"


def test_privacy_is_answered_truthfully() -> None:
    talk = Talk.at("2025-06-11T12:00")
    said = talk.say("delete my data", "privacy_request")
    assert said.cases == [CaseEffect("routine", "privacy_request")]
    assert "Nothing is deleted yet" in said.text
    said = talk.say("what do you even store about me", "privacy_request")
    assert "For how long, and your rights" in said.text
    assert not said.cases
    said = talk.say("ok do it. all of it", "affirm")
    assert "deleted" in said.text
    assert "has been deleted" not in said.text


def test_out_of_scope_is_refused_honestly_naming_the_clinic() -> None:
    said = Talk.at("2025-06-11T12:00").say("whats the capital of france", "out_of_scope")
    assert "Juniper Hair Clinic" in said.text
    assert said.buttons[0]["title"] == "Talk to a person"


def test_what_is_it_about_is_asked_when_nothing_was_said_before() -> None:
    assert Talk.at("2025-06-11T12:00").say("why?", "follow_up_why").buttons[-1]["title"] == "Talk to a person"


def test_why_after_an_escalation_is_answered() -> None:
    talk = Talk.at("2025-06-11T12:00")
    talk.say("pus", "infection_signs", triage=verdict("urgent", "infection"))
    assert "only someone who sees you can tell" in talk.say("why?", "follow_up_why").text


def test_a_routine_sign_is_passed_on_and_the_safe_question_answered() -> None:
    talk = Talk.at("2025-06-10T16:30")
    said = talk.say("im on warfarin, booked friday", "contraindications", triage=verdict("routine", "routine"))
    assert said.cases[0].reason == "concern"
    assert "by Thursday 12 June" in said.text
    assert "Never stop a blood thinner" in said.text


def test_a_yes_with_more_words_still_answers_the_question_about_dying() -> None:
    talk = Talk.at("2025-06-12T14:00", "2025-05-10T11:30")
    talk.say("whats the point anymore", "results_timeline", triage=verdict("urgent", "stop_finasteride"))
    said = talk.say("yes i think about it most nights", "sleep_position")
    assert said.cases[0].tier == "emergency"


def test_a_strong_suspicion_is_escalated_even_where_no_sign_is_named() -> None:
    for intent, confidence in (("report_urgent", 0.8), ("report_emergency", 0.3)):
        talk = Talk.at("2025-06-12T14:00", "2025-06-10T11:30")
        assert talk.say("something is very wrong", "side_effects", intent=intent, confidence=confidence).cases


def test_a_classifiers_doubt_is_not_a_second_question() -> None:
    talk = Talk.at("2025-06-12T14:00", "2025-06-10T11:30")
    said = talk.say("i already put minoxidil on by mistake", "minoxidil_timing", "minoxidil_side_effects")
    assert "rinse it off" in said.text
    assert "\n\n" not in said.text
    said = talk.say("how much is it and when will i see results", "results_timeline", "cost")
    assert said.text.index("price") < said.text.index("judge")


def test_a_request_for_a_person_is_never_lost() -> None:
    for intent in ("results_timeline", "out_of_scope", "nlu_fallback", "small_talk"):
        talk = Talk.at("2025-06-12T14:00", "2025-06-10T11:30")
        assert talk.say("i want to speak to a real person", intent).cases
        assert "Monday 16 June" in talk.say("when", "follow_up_how_long").text


def test_a_pets_trouble_stays_the_vets_and_holds_nothing_back() -> None:
    talk = Talk.at("2025-06-16T14:00", "2025-06-10T11:30")
    said = talk.say("my cat licked my head", "minoxidil_side_effects", triage=verdict("urgent", "vet"))
    assert said.text.startswith("Call a vet")
    assert talk.say("she seems fine tho", "small_talk").text.startswith("Please call a vet")
    said = talk.say("gym today?", "exercise_sweat")
    assert said.text.startswith("Yes")
    assert "01202 509000" in said.text


def test_no_not_like_that_does_not_send_an_ambulance() -> None:
    talk = Talk.at("2025-06-10T22:30")
    talk.say("i cant go on", "small_talk", triage=verdict("emergency", "crisis"))
    said = talk.say("no not like that, just down", "deny")
    assert said.text.startswith("116 123")
    assert talk.say("no", "deny").text.startswith("Call 999 now")


def test_a_session_that_contradicts_the_record_is_said_to_do_so() -> None:
    talk = Talk.at("2025-06-10T17:30", "2025-06-10T11:30")
    said = talk.say("session ended yesterday at 9am so minoxidil is fine now?", "minoxidil_timing")
    assert "record says your session ended 11:30 today" in said.text
    assert "11:30 tomorrow" in said.text
