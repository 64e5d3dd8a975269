"""Addresses: read, refused without being told, tried by `aftercare alerts test`, and by mail too."""

import logging

import pytest

from bot.alerts.addresses import addresses_of
from bot.alerts.steps import steps
from bot.care.clinic import ClinicError, load_clinic
from bot.care.clinic_sections import Alerts
from bot.commands.paging import NO_ADDRESS, try_addresses
from bot.settings import ROOT, Settings, SettingsError
from bot.triage.tier import Tier
from tests.doubles.bot_api import TelegramDouble
from tests.doubles.pagers import MailPager
from tests.house import EMERGENCY, TUESDAY_NOON


def settings(**given) -> Settings:
    return Settings(_env_file=None, **given)


def test_each_address_is_known_by_its_place_and_never_by_itself(nurse, backup):
    found = addresses_of(settings(alert_urls=f"{nurse.url} {nurse.url}", alert_backup_urls=backup.url))
    assert [(address.group, address.name) for address in found] == [
        ("staff", "staff address 2 (json)"),
        ("backup", "backup address 1 (json)"),
    ]
    assert "s3cret" not in repr(found)
    assert all(len(address.key) <= 20 for address in found)


@pytest.mark.parametrize("wrong", ["nowhere://secret", "nurse@clinic.example", "mailto://"])
def test_a_wrong_address_stops_the_start_and_is_not_told(wrong):
    with pytest.raises(SettingsError) as caught:
        addresses_of(settings(alert_urls=f"json://127.0.0.1 {wrong}"))
    assert "AFTERCARE_ALERT_URLS: address 2" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_staff_group_needs_a_bot():
    with pytest.raises(SettingsError, match="AFTERCARE_TELEGRAM_TOKEN"):
        addresses_of(settings(telegram_staff_group=-100))


async def test_the_trial_says_in_plain_words_what_worked(nurse, backup, caplog):
    caplog.set_level(logging.DEBUG)
    backup.refuse = 1
    told, well = await try_addresses(settings(alert_urls=nurse.url, alert_backup_urls=backup.url))
    assert told.splitlines() == [
        "reached: staff address 1 (json)",
        "NOT REACHED: backup address 1 (json) (the address did not take it)",
        "1 of 2 did not take it: check the address, its password and the network.",
    ]
    assert not well
    assert nurse.pages[0]["title"] == "Test"
    assert "s3cret" not in told + caplog.text
    told, well = await try_addresses(settings(alert_urls=nurse.url))
    assert well
    assert "Every address took the page" in told
    assert await try_addresses(settings()) == (NO_ADDRESS, False)


async def test_the_trial_reaches_the_staffs_telegram_group(nurse):
    with TelegramDouble() as double:
        group = double.group(-1009)
        given = {"telegram_token": double.token, "telegram_api_base": double.base_url}
        told, well = await try_addresses(settings(alert_urls=nurse.url, telegram_staff_group=-1009, **given))
        assert (well, told.count("reached:")) == (True, 2)
        assert "test page" in group.texts[0]
        told, well = await try_addresses(settings(telegram_staff_group=-1, **given))
        assert not well
        assert "NOT REACHED: the staff's Telegram group (BadRequest from Telegram)" in told


async def test_a_page_arrives_by_mail(house, build):
    with MailPager() as mail:
        fields = {**house.services.settings.model_dump(), "alert_urls": mail.url, "alert_backup_urls": ""}
        object.__setattr__(house.services, "settings", Settings(_env_file=None, **fields))
        house.receive(EMERGENCY)
        await build().look()
        [letter] = mail.mails
    assert "Subject: Emergency case 1" in letter
    assert "throat" not in letter


def test_the_clinic_sets_who_is_paged_when_within_bounds(tmp_path):
    file = tmp_path / "clinic.yml"
    text = (ROOT / "clinic.yml").read_text()
    file.write_text(text.replace("again_minutes: 3 ", "again_minutes: 40 "))
    with pytest.raises(ClinicError, match=r"alerts\.emergency\.again_minutes: .*Allowed: 1 to 15 minutes"):
        load_clinic(file)
    file.write_text(text.replace("backup_minutes: 45", "backup_minutes: 20"))
    with pytest.raises(ClinicError, match="the backup is paged last"):
        load_clinic(file)
    file.write_text(text)
    assert load_clinic(file).alerts == Alerts()


def test_a_case_that_was_due_before_anybody_could_be_paged_pages_everybody_at_the_last():
    plan = steps(Alerts(), Tier.EMERGENCY, TUESDAY_NOON, TUESDAY_NOON.replace(hour=11))
    assert [step.name for step in plan] == ["first", "again", "backup", "overdue"]
    assert plan[-1].at == plan[-2].at


def test_a_case_that_is_due_before_the_backup_pages_everybody_then():
    plan = steps(Alerts(), Tier.URGENT, TUESDAY_NOON, TUESDAY_NOON.replace(minute=30))
    assert [step.name for step in plan] == ["first", "again", "overdue", "backup"]
