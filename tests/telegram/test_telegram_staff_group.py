"""The staff's own group: its id, pages with a button, changed once somebody has the case; nothing of a patient."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI

from bot.alerts import sending
from bot.alerts.addresses import addresses_of
from bot.alerts.alerting import Alerting
from bot.channels.telegram.channel import open_telegram
from bot.conversation.cases import open_or_raise
from bot.conversation.receive import conversation_of
from bot.store.tables import Case, CaseState, Role, Staff
from bot.triage.tier import Tier

GROUP = -100200


@pytest.fixture
def staffed(services):
    """Services that know the staff's group."""
    update = {"telegram_staff_group": GROUP, "public_url": "https://chat.clinic.example"}
    return replace(services, settings=services.settings.model_copy(update=update))


@pytest.fixture
async def alerting(staffed) -> AsyncIterator[Alerting]:
    async with open_telegram(staffed, FastAPI()) as telegram:
        yield Alerting.of(staffed, addresses_of(staffed.settings), telegram.staff_group)


def open_case(services, tier=Tier.EMERGENCY):
    with services.store.write() as session:
        now = services.clock.now()
        conversation = conversation_of(session, "web", "mia", now)
        return open_or_raise(session, services.clinic, now, conversation.id, tier=tier, reason="red_flag")


async def test_connect_says_the_groups_id_and_other_words_are_declined(house, double):
    group = double.group(-1009)
    group.sends("/connect")
    await double.until(lambda: len(group.texts) == 1)
    assert "AFTERCARE_TELEGRAM_STAFF_GROUP=-1009" in group.texts[0]
    group.sends("/connect@fern_test_bot")
    await double.until(lambda: len(group.texts) == 2)
    group.sends("my scalp oozes")
    await double.until(lambda: len(group.texts) == 3)
    assert "I answer in private only" in group.texts[2]
    assert house.from_patient() == []


async def test_in_the_staffs_group_nothing_is_declined_or_kept(staffed, run, double):
    group = double.group(GROUP)
    async with run(staffed) as house:
        group.sends("I take case 3")
        ana = double.patient(1)
        ana.sends("hello")
        await double.until(lambda: ana.texts and not double.unconfirmed)
        assert group.texts == []
        assert [message.text for message in house.from_patient()] == ["hello"]


async def test_a_case_is_posted_with_a_button_and_changed_once_somebody_has_it(staffed, alerting, double):
    group = double.group(GROUP)
    case = open_case(staffed)
    await alerting.look()
    [page] = group.messages
    assert page.text.startswith(f"Emergency case {case.id}, since ")
    assert page.buttons == ("Open in the console",)
    assert page.links == (f"https://chat.clinic.example/console/conversations/{case.conversation_id}",)
    with staffed.store.write() as session:
        ana = Staff(
            email="a@b.example", name="Ana Silva", title="Nurse", role=Role.CLINICIAN, created_at=case.opened_at
        )
        session.add(ana)
    staffed.desk.acknowledge(ana, case.id)
    await alerting.look()
    [page] = group.messages
    assert page.text.endswith("Ana Silva has it.")
    assert page.buttons == ()
    await alerting.look()
    assert len(double.calls("editMessageText")) == 1


async def test_a_change_that_fails_is_tried_again(staffed, alerting, double, monkeypatch):
    monkeypatch.setattr(sending, "CHANGE_AGAIN", timedelta(0))
    group = double.group(GROUP)
    case = open_case(staffed)
    await alerting.look()
    double.fail("editMessageText", 502)
    with staffed.store.write() as session:
        session.get_one(Case, case.id).state = CaseState.ACKNOWLEDGED
    await alerting.look()
    assert "has it" not in group.texts[0]
    await alerting.look()
    assert group.texts[0].endswith("Somebody has it.")


async def test_a_page_in_a_group_that_got_another_id_meanwhile_is_let_be(staffed, alerting, double, monkeypatch):
    monkeypatch.setattr(sending, "CHANGE_AGAIN", timedelta(0))
    group = double.group(GROUP)
    case = open_case(staffed)
    await alerting.look()
    group.migrates(-100999)
    with staffed.store.write() as session:
        session.get_one(Case, case.id).state = CaseState.ACKNOWLEDGED
    for _ in range(3):
        await alerting.look()
    assert len(double.calls("editMessageText")) == 1


async def test_a_group_that_got_another_id_is_still_paged(staffed, alerting, double, caplog):
    group = double.group(GROUP)
    group.migrates(-100999)
    open_case(staffed)
    await alerting.look()
    assert len(group.texts) == 1
    assert "AFTERCARE_TELEGRAM_STAFF_GROUP=-100999" in caplog.text


async def test_a_link_that_telegram_will_not_have_as_a_button_goes_as_text(services, double):
    group = double.group(GROUP)
    local = replace(services, settings=services.settings.model_copy(update={"telegram_staff_group": GROUP}))
    async with open_telegram(local, FastAPI()) as telegram:
        open_case(local)
        await Alerting.of(local, addresses_of(local.settings), telegram.staff_group).look()
    [page] = group.messages
    assert "http://localhost:8000/console/conversations/" in page.text
    assert page.buttons == ()
