"""Section 3 of the rubric, Telegram: each statement by its id, against the strict local Bot API server.

Where a test of the channel proves a statement already, it runs here under the statement's name.
"""

import inspect
import re
from datetime import date, timedelta

from bot.channels.telegram import introduction, webhook
from bot.console.console import environment
from bot.console.transcript import DELIVERY
from bot.conversation.enrolment import LINK_LIFE, Identity, SessionNote
from bot.store.tables import Author, Delivery, Role, Staff
from tests.telegram import conftest as channel
from tests.telegram import test_telegram_buttons as buttons
from tests.telegram import test_telegram_commands as commands
from tests.telegram import test_telegram_enrolment as enrolment
from tests.telegram import test_telegram_files as files
from tests.telegram import test_telegram_health as health
from tests.telegram import test_telegram_messages as messages
from tests.telegram import test_telegram_replies as replies
from tests.telegram import test_telegram_sending as sending
from tests.telegram import test_telegram_staff_group as staff_group
from tests.telegram import test_telegram_webhook as hooks

# The fixtures of the channel's own tests, in place of those of this folder.
_quick_and_local, _server, double = channel._quick_and_local, channel._server, channel.double
clinic, wording, empty_database = channel.clinic, channel.wording, channel.empty_database
services, run, house, webhook_house = channel.services, channel.run, channel.house, channel.webhook_house
nurse, caller, unserved = replies.nurse, hooks.caller, hooks.unserved

test_t01_every_press_is_answered = buttons.test_a_press_is_answered_taken_and_its_keyboard_removed
test_t01_a_stale_or_forged_press_is_explained = buttons.test_a_stale_or_forged_button_is_answered_and_explained
test_t02_another_patients_button_moves_nothing = buttons.test_another_patients_button_moves_nothing_of_theirs
test_t03_long_replies_are_split_at_paragraphs = sending.test_a_long_reply_is_split_at_paragraphs
test_t04_a_refused_keyboard_does_not_keep_the_words_back = (
    buttons.test_a_keyboard_telegram_dislikes_does_not_keep_the_words_back
)
test_t05_a_flood_wait_is_honoured_and_stalls_no_other = sending.test_a_flood_wait_is_honoured_and_stalls_no_other_chat
test_t05_one_a_second_in_a_chat = sending.test_pace_lets_other_chats_pass
test_t05_thirty_a_second_in_all = sending.test_pace_keeps_the_limit_over_all_chats
test_t05_twenty_a_minute_in_a_group = sending.test_pace_keeps_twenty_a_minute_in_a_group
test_t06_a_wrong_secret_is_refused = hooks.test_a_wrong_secret_is_refused
test_t06_only_what_is_committed_is_taken = hooks.test_a_failing_database_makes_telegram_deliver_again
test_t07_a_redelivered_update_has_no_second_effect = messages.test_a_redelivered_update_has_no_second_effect
test_t07_a_redelivered_press_has_no_second_effect = buttons.test_a_redelivered_press_has_no_second_effect
test_t08_order_is_kept_per_patient = messages.test_order_is_kept_in_each_chat
test_t09_an_outage_is_alarmed_long_before_a_day = health.test_an_outage_is_alarmed_once_and_long_before_updates_are_lost
test_t09_nothing_that_waited_is_dropped = health.test_nothing_that_waited_is_dropped
test_t10_waiting_updates_are_counted = health.test_waiting_updates_are_counted
test_t10_the_last_error_is_kept = health.test_a_webhook_that_fails_is_in_the_health_with_what_telegram_says
test_t10_another_consumer_is_named = health.test_another_consumer_is_named_in_the_health
test_t11_neither_token_nor_words_are_logged = messages.test_neither_the_token_nor_patients_words_are_logged
test_t11_files_are_our_own = files.test_a_photo_is_stored_and_readable
test_t12_an_oversize_file_is_explained = files.test_an_oversize_file_is_explained_and_its_caption_still_answered
test_t12_an_oversize_reply_is_explained_to_staff = replies.test_a_file_over_the_limit_is_given_up_and_staff_are_told
test_t13_an_album_is_one_message = files.test_an_album_is_one_message_with_its_caption_and_all_its_photos
test_t14_stickers_and_places = messages.test_stickers_and_places_are_acknowledged_and_reach_staff
test_t14_contacts_dice_and_polls = messages.test_contacts_and_dice_are_acknowledged_and_a_poll_counts_as_words
test_t14_video_notes = messages.test_a_video_note_is_kept_and_reaches_staff
test_t15_edits_are_screened_and_the_original_stays = (
    messages.test_an_edit_is_screened_as_a_message_of_its_own_and_the_original_stays
)
test_t16_blocking_alone_is_noticed = sending.test_blocking_alone_is_noticed
test_t16_blocking_stops_the_outbox_and_tells_staff = (
    sending.test_a_blocked_patient_is_not_written_to_and_a_seen_case_waits_again
)
test_t18_a_link_works_once = enrolment.test_links_that_lead_nowhere_are_explained
test_t18_a_links_token_is_not_kept = commands.test_a_links_token_is_not_kept
test_t19_commands_in_the_patients_language = commands.test_commands_answer_in_the_language_of_the_patients_telegram
test_t19_menus_in_each_language = sending.test_the_bot_introduces_itself
test_t20_delete_asks_and_then_deletes = enrolment.test_delete_asks_first_and_keeps_until_then
test_t20_what_staff_have_acted_on_is_passed_on = enrolment.test_delete_passes_on_what_staff_have_acted_on
test_t21_start_says_what_this_is_and_is_not = commands.test_start_says_what_this_is_and_is_not
test_t22_groups_are_asked_to_write_in_private = messages.test_groups_are_asked_once_a_day_to_write_in_private
test_t22_a_group_learns_its_id_alone = staff_group.test_connect_says_the_groups_id_and_other_words_are_declined
test_t23_typing_only_while_working = messages.test_typing_is_shown_only_while_the_bot_thinks
test_t24_stop_ends_reminders = enrolment.test_stop_ends_what_was_not_asked_for_without_troubling_the_staff
test_t24_settings_turn_them_on = commands.test_settings_say_whether_reminders_are_on_and_change_it
test_t25_a_used_keyboard_goes = buttons.test_a_press_is_answered_taken_and_its_keyboard_removed
test_t25_replies_quote_the_question = replies.test_a_clinicians_reply_quotes_the_newest_question


async def test_t02_callback_data_is_opaque_versioned_and_short(house, double):
    ana = double.patient(1)
    ana.sends("ask me")
    await double.until(lambda: ana.messages)
    for data in ana.messages[0].data:
        assert re.fullmatch(r"b1:[0-9]+:[0-9]+", data)
        assert 1 <= len(data.encode()) <= 64


async def test_t04_dynamic_text_arrives_as_it_is_and_nothing_is_parsed(house, double):
    ana = double.patient(1)
    odd = "_a_ *b* [c](http://d.example) <b>e</b> `f` (g) ! ~ > # + - = | { } . \\"
    ana.sends(odd)
    await double.until(lambda: ana.texts == [f"heard: {odd}"])
    assert not any("parse_mode" in call.params or "entities" in call.params for call in double.state.calls)


def test_t06_the_secret_is_compared_in_constant_time():
    source = inspect.getsource(webhook)
    assert "compare_digest" in source
    assert not re.search(r"(given|secret) ?[!=]= ?", source)


async def test_t11_the_token_is_in_no_row_and_no_failure(house, double):
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts)
    double.fail("sendMessage", 502, times=1)
    ana.sends("again")
    await double.until(lambda: len(ana.texts) == 2)
    kept = [vars(message) for author in Author for message in house.stored(author)]
    assert double.token not in str(kept)
    assert double.token not in repr(house.services.settings)
    assert double.token not in str(vars(house.app.state.telegram))


async def test_t14_a_voice_message_is_acknowledged_and_reaches_staff(house, double):
    ana = double.patient(1)
    ana.sends_voice()
    await double.until(lambda: ana.texts)
    assert "voice message" in ana.texts[0]
    assert [case.reason for case in house.cases()] == ["attachment"]


def test_t16_the_case_names_another_way_to_reach_the_patient():
    loader = environment().loader
    assert loader is not None
    source, _, _ = loader.get_source(environment(), "parts/banner.html")
    assert re.search(r"b\.blocked.*telephone number", source)


async def test_t17_sent_means_that_telegram_took_it_and_nothing_claims_read(house, double):
    assert not re.search("read|seen", " ".join(DELIVERY.values()).lower())
    ana = double.patient(1)
    double.fail("sendMessage", 502, times=1)
    ana.sends("hello")
    await double.until(lambda: double.calls("sendMessage"))
    assert house.stored(Author.BOT)[0].delivery is Delivery.PENDING
    await double.until(lambda: house.stored(Author.BOT)[0].delivery is Delivery.SENT)
    assert ana.texts == ["heard: hello"]


def test_t18_a_links_token_is_short_plain_and_expires(services):
    person = Staff(email="n@clinic.example", name="Ana", title="", role=Role.CLINICIAN, created_at=services.clock.now())
    with services.store.write() as session:
        session.add(person)
    ended = services.clock.now() - timedelta(hours=3)
    token = services.enrolling.create(person, SessionNote("Mia Muster", ended, 1.0)).token
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token)
    assert "mia" not in token.lower()
    assert timedelta(0) < LINK_LIFE <= timedelta(days=30)


async def test_t18_a_second_fact_binds_the_patient(house, double):
    services = house.services
    person = house.add_staff(email="n@clinic.example", name="Ana", title="Nurse", role=Role.CLINICIAN)
    ended = services.clock.now() - timedelta(hours=3)
    note = SessionNote("Mia Muster", ended, identity=Identity("4711", date(1986, 4, 3)))
    token, eve, mia = services.enrolling.create(person, note).token, double.patient(1), double.patient(2)
    for patient in (eve, mia):
        patient.sends(f"/start {token}")
        await double.until(lambda patient=patient: patient.messages and patient.messages[-1].buttons)
        assert patient.messages[-1].buttons == ("Not now",)
        assert "Mia" not in patient.texts[-1]
    eve.sends("4 May 1990")
    await double.until(lambda: "That is not the date of birth" in eve.texts[-1])
    mia.sends("03.04.86")
    await double.until(lambda: mia.messages[-1].buttons == ("I agree", "No thanks"))
    mia.presses(mia.messages[-1], "I agree")
    await double.until(lambda: "From the clinic I know" in "".join(mia.texts))
    assert house.brain.heard == []


def test_t19_menus_are_within_telegrams_limits(wording):
    for name in introduction.MENU:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(wording.get(f"utter_telegram_menu_{name}").text) <= 256
    assert {"start", "help", "settings"} <= set(introduction.MENU)


async def test_t20_privacy_is_answered_and_words_lie_sealed(house, double):
    ana = double.patient(1)
    ana.sends("/privacy")
    ana.sends("marmalade on my scalp")
    await double.until(lambda: len(ana.texts) == 2)
    assert "I keep what you write here" in ana.texts[0]
    assert "Telegram's cloud" in ana.texts[0]
    folder = house.services.settings.data_dir
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"marmalade" not in written


async def test_t21_the_description_says_it_before_the_first_word(house, double):
    await double.until(lambda: "es" in double.state.short_descriptions)
    for text in (double.state.descriptions[""], double.state.short_descriptions[""]):
        for word in ("utomated", "ot for emergencies", house.services.clinic.contacts.emergency_number):
            assert word in text
    assert "Telegram's cloud" in double.state.descriptions[""]
    assert len(double.state.descriptions[""]) <= 512
    assert len(double.state.short_descriptions[""]) <= 120
