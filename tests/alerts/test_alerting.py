"""Who is paged when, that it stops, and that it survives restarts, other processes and addresses that fail."""

import asyncio
import logging
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.alerts.addresses import TELEGRAM, Address, addresses_of
from bot.alerts.alerting import Alerting
from bot.alerts.standing import standing, warnings_of
from bot.conversation.cases import open_or_raise
from bot.store.tables import Alert, Outcome, Page, PageState
from bot.triage.tier import Tier
from tests.house import EMERGENCY, HARMLESS, URGENT, until


def pages(house) -> list[Page]:
    with house.store.read() as session:
        return list(session.scalars(select(Page).order_by(Page.id)))


def alerts(house) -> list[Alert]:
    with house.store.read() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def warnings(house) -> list[str]:
    with house.store.read() as session:
        return list(warnings_of(standing(session)))


def paging(house, *urls: str) -> Alerting:
    """A process that knows these addresses of the staff alone."""
    update = {"alert_urls": SecretStr(" ".join(urls)), "alert_backup_urls": SecretStr("")}
    return Alerting.of(house.services, addresses_of(house.services.settings.model_copy(update=update)))


async def rounds(house, alerting: Alerting) -> None:
    """Let all rounds about an emergency go by, with nobody who acknowledges it."""
    for minutes in (0, 3, 3, 9):
        house.clock.advance(timedelta(minutes=minutes))
        await alerting.look()


class StuckGroup:
    """A staff's group that takes pages, and never gets done with changing one."""

    def __init__(self) -> None:
        self.posted = self.changing = 0

    async def post(self, words) -> str:
        self.posted += 1
        return f"-1:{self.posted}"

    async def change(self, receipt: str, text: str) -> None:
        self.changing += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.changing -= 1


async def test_an_emergency_pages_the_staff_with_case_tier_time_and_link_alone(house, alerting, nurse, backup):
    received = house.receive(EMERGENCY, key="mia-secret-key")
    assert await alerting.look() == 1
    [page] = nurse.pages
    case = house.case(received.conversation_id)
    assert page["title"] == f"Emergency case {case.id}"
    assert page["message"] == (
        f"Emergency case {case.id}, since 12:00 on 17 November. Please look at it in the console.\n"
        f"https://chat.clinic.example/console/conversations/{received.conversation_id}"
    )
    assert not backup.pages
    everything = str(page).lower()
    assert not any(word in everything for word in ("throat", "breathe", "mia"))


async def test_nobody_acknowledges_so_it_pages_again_then_the_backup_then_everybody(house, alerting, nurse, backup):
    house.receive(EMERGENCY)
    await alerting.look()
    assert await alerting.look() == 0
    house.clock.advance(timedelta(minutes=3))
    await alerting.look()
    assert (len(nurse.pages), len(backup.pages)) == (2, 0)
    assert "Nobody has acknowledged it yet." in nurse.texts[1]
    house.clock.advance(timedelta(minutes=3))
    await alerting.look()
    assert (len(nurse.pages), len(backup.pages)) == (3, 1)
    assert "the backup is paged too" in backup.texts[0]
    house.clock.advance(timedelta(minutes=9))
    await alerting.look()
    assert (len(nurse.pages), len(backup.pages)) == (4, 2)
    assert "overdue" in backup.texts[1]
    assert any(line.startswith("Overdue: 1 case") for line in warnings(house))
    house.clock.advance(timedelta(hours=3))
    assert await alerting.look() == 0


async def test_urgent_waits_longer_than_emergency(house, alerting, nurse):
    house.receive(URGENT)
    await alerting.look()
    house.clock.advance(timedelta(minutes=19))
    assert await alerting.look() == 0
    house.clock.advance(timedelta(minutes=1))
    assert await alerting.look() == 1


async def test_acknowledging_ends_it(house, alerting, nurse, backup):
    received = house.receive(EMERGENCY)
    await alerting.look()
    house.services.desk.acknowledge(house.staff("Ana Silva"), house.case(received.conversation_id).id)
    house.clock.advance(timedelta(hours=1))
    assert await alerting.look() == 0
    assert (len(nurse.pages), len(backup.pages)) == (1, 0)
    assert [alert.ending for alert in alerts(house)] == ["Ana Silva has it"]
    assert {page.state for page in pages(house)} == {PageState.SENT, PageState.DROPPED}


async def test_acknowledging_between_planning_and_sending_drops_the_page(house, alerting, nurse):
    received = house.receive(EMERGENCY)
    alerting.planner.keep_up()
    house.services.desk.acknowledge(house.staff(), house.case(received.conversation_id).id)
    assert alerting.sender.claim_due() == []
    assert not nurse.pages


async def test_closing_ends_it_and_says_who(house, alerting):
    received = house.receive(URGENT)
    await alerting.look()
    house.services.desk.close(house.staff("Ana Silva"), house.case(received.conversation_id).id, Outcome.FALSE_ALARM)
    await alerting.look()
    assert [alert.ending for alert in alerts(house)] == ["Ana Silva closed it"]


async def test_a_case_raised_to_emergency_pages_anew_even_when_it_was_acknowledged(house, alerting, nurse):
    received = house.receive(URGENT)
    await alerting.look()
    house.services.desk.acknowledge(house.staff(), house.case(received.conversation_id).id)
    await alerting.look()
    house.receive(EMERGENCY)
    await alerting.look()
    assert [page["title"].split()[0] for page in nurse.pages] == ["Urgent", "Emergency"]


async def test_a_case_raised_while_it_pages_goes_on_at_the_higher_tier_alone(house, alerting, nurse):
    house.receive(URGENT)
    await alerting.look()
    house.receive(EMERGENCY)
    await alerting.look()
    assert [alert.ending for alert in alerts(house)] == ["It is emergency now", None]
    house.clock.advance(timedelta(minutes=30))
    await alerting.look()
    assert [text.split()[0] for text in nurse.texts] == ["Urgent", "Emergency", "Emergency"]


async def test_what_is_harmless_pages_nobody_and_routine_only_when_overdue_in_opening_hours(house, alerting, nurse):
    house.receive(HARMLESS)
    house.send("anything", channel="web")
    received = house.receive("a person please", key="ben")
    with house.store.write() as session:
        case = open_or_raise(
            session, house.services.clinic, house.clock.now(), received.conversation_id,
            tier=Tier.ROUTINE, reason="asked_for_person",
        )  # fmt: skip
    assert await alerting.look() == 0
    house.clock.put(case.due_at + timedelta(hours=9))  # overdue, at night
    assert await alerting.look() == 0
    house.clock.put(case.due_at + timedelta(hours=21))
    assert await alerting.look() == 1
    assert nurse.pages[0]["title"].startswith("Routine")
    house.clock.advance(timedelta(hours=4))
    assert await alerting.look() == 0


async def test_two_processes_page_once(house, build, nurse):
    house.receive(EMERGENCY)
    first, second = build(), build()
    await asyncio.gather(first.look(), second.look(), first.look(), second.look())
    assert len(nurse.pages) == 1
    assert len(alerts(house)) == 1


async def test_a_page_claimed_by_a_process_that_died_goes_out_later(house, build, nurse):
    house.receive(EMERGENCY)
    dying = build()
    dying.planner.keep_up()
    assert len(dying.sender.claim_due()) == 1
    assert await build().look() == 0
    house.clock.advance(timedelta(minutes=2, seconds=1))
    assert await build().look() == 1
    assert len(nurse.pages) == 1


async def test_after_an_outage_one_page_says_it_all(house, build, nurse, backup):
    house.receive(EMERGENCY)
    build().planner.keep_up()
    house.clock.advance(timedelta(minutes=10))
    await build().look()
    assert (len(nurse.pages), len(backup.pages)) == (1, 1)
    assert "backup" in nurse.texts[0]


async def test_an_address_that_fails_is_tried_again_and_holds_up_no_other(house, alerting, nurse, backup):
    nurse.refuse = 2
    house.receive(EMERGENCY)
    await alerting.look()
    assert (nurse.tries, len(nurse.pages)) == (1, 0)
    assert warnings(house) == ['Pages about 1 case do not get out. Run "aftercare alerts test".']
    for seconds in (2, 4):
        house.clock.advance(timedelta(seconds=seconds))
        await alerting.look()
    assert (nurse.tries, len(nurse.pages)) == (3, 1)
    assert warnings(house) == []


async def test_an_address_that_fails_for_good_is_given_up_loudly_without_telling_it(house, alerting, nurse, caplog):
    nurse.refuse = 1000
    caplog.set_level(logging.DEBUG)
    house.receive(EMERGENCY)
    for _ in range(60):
        await alerting.look()
        house.clock.advance(timedelta(minutes=1))
    assert PageState.FAILED in {page.state for page in pages(house)}
    loud = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert any("given up" in record.getMessage() for record in loud)
    assert "s3cret-pass" not in caplog.text
    assert "s3cret-pass" not in str([vars(page) for page in pages(house)])


async def test_without_an_address_the_console_says_so(house, build):
    house.receive(EMERGENCY)
    settings = house.services.settings.model_copy(update={"alert_urls": "", "alert_backup_urls": ""})
    object.__setattr__(house.services, "settings", type(settings).model_validate(settings.model_dump()))
    await build().look()
    assert warnings(house) == [
        "Nobody was paged about 1 case: no alert address is set. An admin sets one: README, step 8."
    ]


async def test_it_pages_with_every_console_closed_and_stops_cleanly(house, alerting, nurse):
    task = asyncio.create_task(alerting.run())
    house.receive(EMERGENCY)
    await until(lambda: nurse.pages)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_telegram_being_away_pages_once_and_ends(house, build, nurse):
    away = [True]
    alerting = build(None, lambda: away[0])
    await alerting.look()
    await alerting.look()
    assert [page["title"] for page in nurse.pages] == ["Telegram is not reached"]
    assert any(line.startswith("Telegram is not reached") for line in warnings(house))
    away[0] = False
    await alerting.look()
    assert [alert.ending for alert in alerts(house)] == ["Telegram is reached again"]
    assert warnings(house) == []


async def test_two_bots_of_which_one_polls_page_once_about_an_outage(house, build, nurse):
    polling, waiting = build(None, lambda: True), build(None, lambda: None)
    for _ in range(5):
        await polling.look()
        await waiting.look()
        house.clock.advance(timedelta(minutes=5))
    assert [alert.ending for alert in alerts(house)] == [None]
    assert len(nurse.pages) == 1


async def test_bots_that_see_telegram_differently_page_once_in_a_quarter_of_an_hour(house, build, nurse):
    one, other = build(None, lambda: True), build(None, lambda: False)
    for _ in range(14):
        await one.look()
        await other.look()
        house.clock.advance(timedelta(minutes=1))
    assert len(nurse.pages) == 1
    house.clock.advance(timedelta(minutes=2))
    await one.look()
    assert len(nurse.pages) == 2


async def test_changing_what_stands_in_the_group_holds_up_no_page_and_stops_with_the_rest(house, nurse):
    group = StuckGroup()
    known = (*addresses_of(house.services.settings), Address(TELEGRAM, "group", "the staff's Telegram group"))
    alerting = Alerting.of(house.services, known, group)
    received = house.receive(URGENT)
    task = asyncio.create_task(alerting.run())
    await until(lambda: nurse.pages and group.posted)
    house.services.desk.acknowledge(house.staff(), house.case(received.conversation_id).id)
    await until(lambda: group.changing)
    house.receive(EMERGENCY, key="ben")
    await until(lambda: len(nurse.pages) == 2, 10)
    assert group.changing == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await until(lambda: not group.changing, 1)


@pytest.mark.parametrize("text", [EMERGENCY, "I have crushing chest pain and my left arm is numb"])
async def test_another_alarm_in_a_case_nobody_acknowledged_pages_anew(house, alerting, nurse, backup, text):
    house.receive(EMERGENCY)
    await rounds(house, alerting)
    assert (len(nurse.pages), len(backup.pages)) == (4, 2)
    house.clock.advance(timedelta(hours=9))
    house.receive(text)
    await rounds(house, alerting)
    assert [alert.ending for alert in alerts(house)] == ["Another alarm has come in", None]
    assert (len(nurse.pages), len(backup.pages)) == (7, 3)  # it is overdue, so the backup's round is everybody's
    assert nurse.texts[4].endswith(f"Please look at it in the console.\n{nurse.texts[0].splitlines()[-1]}")


async def test_alarms_that_come_while_rounds_run_are_one_alert(house, alerting, nurse):
    for _ in range(10):
        house.receive(EMERGENCY)
        await alerting.look()
        house.clock.advance(timedelta(seconds=6))
    await rounds(house, alerting)
    house.receive(HARMLESS)
    house.clock.advance(timedelta(hours=1))
    await rounds(house, alerting)
    assert len(alerts(house)) == 1
    for _ in range(10):
        house.receive(EMERGENCY)
        await alerting.look()
        house.clock.advance(timedelta(seconds=6))
    await rounds(house, alerting)
    assert len(alerts(house)) == 2


async def test_alarms_where_no_address_is_set_are_one_alert(house):
    alerting = paging(house)
    for _ in range(3):
        house.receive(EMERGENCY)
        await alerting.look()
        house.clock.advance(timedelta(minutes=1))
    assert len(alerts(house)) == 1


async def test_an_address_that_is_set_later_is_paged_about_what_is_open(house, nurse):
    house.receive(EMERGENCY)
    await paging(house).look()
    house.clock.advance(timedelta(hours=5))
    await rounds(house, paging(house, nurse.url))
    assert len(nurse.pages) == 3
    assert "Please look at it" in nurse.texts[0]
    assert len(alerts(house)) == 1
    assert not any("no alert address" in line for line in warnings(house))


async def test_an_address_beside_another_is_paged_and_who_was_paged_keeps_the_rounds(house, nurse, backup):
    house.receive(EMERGENCY)
    await paging(house, nurse.url).look()
    house.clock.advance(timedelta(minutes=1))
    both = paging(house, nurse.url, backup.url)
    await asyncio.gather(both.look(), paging(house, nurse.url, backup.url).look())
    assert (len(nurse.pages), len(backup.pages)) == (1, 1)
    await rounds(house, both)
    assert (len(nurse.pages), len(backup.pages)) == (4, 4)


async def test_an_exchanged_address_is_paged_though_the_old_process_still_runs(house, nurse, backup):
    house.receive(EMERGENCY)
    old, new = paging(house, nurse.url), paging(house, backup.url)
    await old.look()
    for _ in range(4):
        await new.look()
        await old.look()
        house.clock.advance(timedelta(minutes=3))
    assert len(backup.pages) >= 3
    assert len(alerts(house)) == 1


async def test_an_address_that_is_new_at_night_is_not_paged_about_a_routine_case(house, nurse):
    received = house.receive("a person please")
    with house.store.write() as session:
        case = open_or_raise(
            session, house.services.clinic, house.clock.now(), received.conversation_id,
            tier=Tier.ROUTINE, reason="asked_for_person",
        )  # fmt: skip
    house.clock.put(case.due_at + timedelta(hours=21))
    await paging(house).look()
    house.clock.advance(timedelta(hours=12))
    await paging(house, nurse.url).look()
    assert not nurse.pages
    house.clock.advance(timedelta(hours=60))  # after the weekend
    await paging(house, nurse.url).look()
    assert len(nurse.pages) == 1
