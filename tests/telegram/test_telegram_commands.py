"""Commands: answered from domain.yml, in private, with a case where staff must act."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.wording import Wording
from bot.channels.telegram import phrases
from bot.channels.telegram.phrases import KEYS, OTHER_LANGUAGES
from bot.channels.telegram.updates import COMMANDS
from bot.store.tables import Case, TreatmentRow


def _cases(house):
    with house.services.store.read() as session:
        return list(session.scalars(select(Case)))


async def test_start_says_what_this_is_and_is_not(house, double):
    ana = double.patient(1)
    ana.sends("/start")
    await double.until(lambda: ana.texts)
    clinic = house.services.clinic
    for needed in ("automated", clinic.contacts.emergency_number, clinic.contacts.phone, "Telegram's cloud"):
        assert needed in ana.texts[0]
    assert house.brain.heard == []


async def test_a_links_token_is_not_kept(house, double):
    ana = double.patient(1)
    ana.sends("/start Zm9vYmFyYmF6cXV4cXV1eA")
    await double.until(lambda: ana.texts)
    assert [message.text for message in house.from_patient()] == ["/start"]


async def test_each_command_is_answered_once_per_use(house, double):
    ana = double.patient(1)
    for command in ("/help", "/privacy", "/today", "/HELP@fern_test_bot"):
        ana.sends(command)
    await double.until(lambda: len(ana.texts) == 4)
    assert "/today" in ana.texts[0]
    assert house.services.clinic.privacy.contact in ana.texts[1]
    assert ana.texts[2] == house.services.wording.get(phrases.TODAY_UNKNOWN).text
    assert ana.texts[3] == ana.texts[0]
    assert not _cases(house)


async def test_today_reads_the_care_plan(house, double):
    ana = double.patient(1)
    ana.sends("hello")
    await double.until(lambda: ana.texts)
    now = house.services.clock.now()
    with house.services.store.write() as session:
        session.add(
            TreatmentRow(
                patient_id=1, ended_at=now - timedelta(hours=30), certainty="said", told_by="patient", created_at=now
            )
        )
    ana.sends("/today")
    await double.until(lambda: len(ana.texts) == 2)
    day, fine, wait, watch = ana.texts[1].split("\n\n")
    assert day.startswith("Day ")
    assert "• Washing your hair" in fine.splitlines()
    assert "• Sunscreen on the scalp: only if the skin is closed." in fine.splitlines()
    assert any(line.startswith("• Pool, sea, sauna, hot tub: from ") for line in wait.splitlines())
    assert "fever" in watch
    assert house.brain.heard == ["hello"]


def test_all_wording_is_in_the_form_of_domain_yml(wording):
    assert [key for key in phrases.KEYS if key not in wording] == []


async def test_settings_say_whether_reminders_are_on_and_change_it(house, double):
    ana = double.patient(1)
    ana.sends("/settings")
    await double.until(lambda: ana.messages and ana.messages[-1].buttons)
    asked = ana.messages[-1]
    assert asked.text.startswith("Reminders are off")
    ana.presses(asked, "Yes, remind me")
    await double.until(lambda: len(ana.texts) == 2)
    ana.sends("/settings")
    await double.until(lambda: ana.texts[-1].startswith("Reminders are on"))
    assert house.brain.heard == []


async def test_commands_answer_in_the_language_of_the_patients_telegram(house, double):
    rosa, jean = double.patient(1, "Rosa", "es-MX"), double.patient(2, "Jean", "fr")
    for command in ("/start", "/help", "/settings", "/privacy", "/stop", "/today"):
        rosa.sends(command)
    jean.sends("/start")
    await double.until(lambda: len(rosa.texts) == 6 and jean.texts)
    assert rosa.texts[0].startswith("Hola, soy Fern, el asistente automático")
    for word in ("999", "020 7946 0857", "nube de Telegram", "No es para emergencias"):
        assert word in rosa.texts[0]
    assert jean.texts[0].startswith("Hello, I'm Fern, the automated assistant")
    english = {house.services.wording.get(key).text[:12] for key in KEYS}
    assert not any(text[:12] in english for text in rosa.texts)


def test_the_spanish_wording_is_of_keys_that_exist_and_needs_no_more_than_the_english(wording):
    spanish = Wording.load(OTHER_LANGUAGES["es"])
    for key in spanish:
        assert spanish.get(key).fields <= wording.get(key).fields | {"emergency", "phone"}, key
        assert spanish.get(key).source == ("house",)
    assert {f"utter_telegram_menu_{name}" for name in COMMANDS} <= set(spanish)


@pytest.mark.parametrize("language", ["", "es"])
async def test_a_long_name_of_the_clinic_is_cut_in_the_description_and_the_number_to_call_is_not(
    services, run, double, language
):
    name = "Clínica Dermatológica y Capilar Nuestra Señora del Carmen, " * 8
    named = services.clinic.model_copy(update={"name": name.strip()})
    async with run(replace(services, clinic=named)):
        await double.until(lambda: "es" in double.state.short_descriptions)
    number = services.clinic.contacts.emergency_number
    short, long = double.state.short_descriptions[language], double.state.descriptions[language]
    assert short.endswith(f" {number}.")
    assert "Clínica Dermatológica" in short
    assert "…" in short
    assert number in long
    assert long.endswith("Telegram.") or long.endswith("cloud.")
    assert (len(short), len(long)) <= (120, 512)
