"""A clinic that may not talk about one patient on Telegram: general advice, safety, and a link for the rest."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.clinic_sections import Channels
from bot.care.effects import CaseEffect, TopicEffect, TreatmentEffect
from bot.conversation.brain import BrainUnavailable, Reply, Turn
from bot.conversation.enrolment import SessionNote
from bot.services import Services
from bot.store.tables import Patient, Role, TreatmentRow
from bot.triage.screen import Screen
from bot.triage.tier import Tier
from bot.triage.verdict import NO_RISK
from tests.telegram.conftest import Parrot
from tests.telegram.samples import JPEG

LINK = "https://chat.clinic.example/aftercare"


class Knowing(Parrot):
    """A Rasa that takes in what it is told, and keeps what it was told of the patient."""

    def __init__(self):
        super().__init__()
        self.told = []
        self.clock = None

    async def turn(self, conversation_id, text, metadata, slots):
        self.told.append(metadata)
        if text.startswith("my session"):
            effect = TreatmentEffect(self.clock.now() - timedelta(hours=3), "said")
            return Turn((Reply("Noted. You may wash at 9 pm."),), (effect, TopicEffect(("washing_hair",))), NO_RISK)
        if text == "a person please":
            return Turn((Reply("I'll pass it on."),), (CaseEffect("routine", "asked_for_person", ()),), NO_RISK)
        return Turn((Reply("Wait a day with washing."),), (TopicEffect(("washing_hair",)),), NO_RISK)


@pytest.fixture
def limited(services, clinic, wording):
    """Services of such a clinic."""
    clinic = clinic.model_copy(update={"channels": Channels(telegram="limited")})
    settings = services.settings.model_copy(update={"widget_page": LINK})
    brain = Knowing()
    brain.clock = services.clock
    return Services.join(settings, clinic, wording, lambda *_: NO_RISK, services.store, brain, services.clock)


@pytest.fixture
async def house(limited, run) -> AsyncIterator:
    async with run(limited) as it:
        yield it


async def test_advice_is_general_and_ends_with_the_link(house, double):
    ana = double.patient(1)
    ana.sends("when may I wash?")
    await double.until(lambda: len(ana.texts) == 2)
    assert ana.texts[0] == "Wait a day with washing."
    assert LINK in ana.texts[1]
    [told] = house.brain.told
    assert (told["general"], told["treatment"], told["personal"], told["day"]) == (True, None, {}, None)


async def test_what_the_patient_says_of_their_session_is_not_taken_in(house, double):
    ana = double.patient(1)
    ana.sends("my session was at noon, when may I wash?")
    await double.until(lambda: ana.texts)
    assert len(ana.texts) == 1
    assert LINK in ana.texts[0]
    assert "9 pm" not in ana.texts[0]
    with house.services.store.read() as session:
        assert session.scalars(select(TreatmentRow)).all() == []


async def test_a_person_can_still_be_asked_for(house, double):
    ana = double.patient(1)
    ana.sends("a person please")
    await double.until(lambda: len(ana.texts) == 2)
    assert [case.reason for case in house.cases()] == ["asked_for_person"]


async def test_photos_are_declined_with_the_link_and_never_fetched(house, double):
    ana = double.patient(1)
    ana.sends_photo(JPEG)
    ana.sends_document(JPEG, caption="does this look right?")
    await double.until(lambda: "Wait a day with washing." in ana.texts)
    assert sum(LINK in text for text in ana.texts) >= 2
    assert not double.calls("getFile")
    assert house.attachments() == []


async def test_commands_send_what_is_personal_to_the_web_chat(house, double):
    ana = double.patient(1)
    nurse = house.add_staff(email="n@clinic.example", name="Ana Silva", title="Nurse", role=Role.CLINICIAN)
    note = SessionNote("Mia", house.services.clock.now() - timedelta(hours=3), 1.0)
    token = house.services.enrolling.create(nurse, note).token
    for command in ("/start", f"/start {token}", "/today", "/settings"):
        ana.sends(command)
    await double.until(lambda: len(ana.texts) == 4)
    start, link, today, settings = ana.texts
    assert all(word in start for word in ("automated", "Not for emergencies", "999", "Telegram's cloud", LINK))
    assert LINK in link
    assert LINK in today
    assert "no reminders" in settings
    with house.services.store.read() as session:
        assert session.scalars(select(Patient)).one().record_id is None


async def test_a_red_flag_is_answered_and_opens_a_case_as_everywhere(limited, shared, run, double):
    away = Services.join(
        limited.settings, limited.clinic, limited.wording, shared.screen, limited.store, Parrot(), limited.clock
    )
    assert isinstance(shared.screen, Screen)
    async with run(away) as house:
        house.brain.turn = _unavailable
        ana = double.patient(1)
        ana.sends("my throat is closing and i can't breathe")
        await double.until(lambda: any("999" in text for text in ana.texts))
        assert [Tier(case.tier) for case in house.cases()] == [Tier.EMERGENCY]
        assert LINK not in ana.texts[0]


async def _unavailable(*_):
    raise BrainUnavailable("as asked")
