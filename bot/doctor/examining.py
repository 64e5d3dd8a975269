"""All checks in order, and how they are told: a line each."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.care.clinic import ClinicError, load_clinic
from bot.clock import Clock
from bot.console.setting_telegram import Check, State, set_up_checks
from bot.console.times import Times
from bot.doctor.configuration import address_check, alert_checks, clinic_checks, settings_checks
from bot.doctor.data import data_checks
from bot.doctor.keys import key_checks
from bot.doctor.model import model_checks
from bot.doctor.running import running_checks
from bot.settings import Settings, SettingsError, load_settings

TOLD: Mapping[State, str] = {"good": "ok", "note": "warning", "bad": "wrong"}


def examine(clock: Clock, env_file: Path) -> Sequence[Check]:
    """Look at everything; where the settings are wrong, at them alone. `env_file` is where settings may stand."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return (Check("Settings", "bad", str(error), f"Mend the variables in {env_file}; .env.example has them all."),)
    return tuple(_checks(settings, clock, env_file))


def _checks(settings: Settings, clock: Clock, env_file: Path) -> Iterator[Check]:
    yield from settings_checks(env_file)
    yield address_check(settings)
    yield from clinic_checks(settings.clinic_file)
    yield from key_checks(settings)
    yield from data_checks(settings, clock)
    yield from model_checks(settings)
    yield from running_checks(settings)
    yield from _telegram(settings, clock)
    yield from alert_checks(settings)


def _telegram(settings: Settings, clock: Clock) -> Iterator[Check]:
    if not settings.telegram_token.get_secret_value():
        yield Check("Telegram", "good", "Not used: no AFTERCARE_TELEGRAM_TOKEN is set.")
        return
    try:
        clinic = load_clinic(settings.clinic_file)
    except ClinicError:
        yield Check("Telegram", "note", "Not looked at: that needs the clinic's file.")
        return
    for check in asyncio.run(set_up_checks(settings, Times(clinic, clock.now()))):
        yield Check(f"Telegram, {check.name.lower()}", check.state, check.says, check.mend)


def report(checks: Sequence[Check]) -> str:
    """A line for each check, and how many went wrong."""
    wide = max(len(check.name) for check in checks)
    lines = [_line(check, wide) for check in checks]
    wrong, warnings = (sum(check.state == state for check in checks) for state in ("bad", "note"))
    return "\n".join([*lines, "", f"{len(checks)} checks: {wrong} wrong, {warnings} to know of."])


def _line(check: Check, wide: int) -> str:
    mend = f" Mend: {check.mend}" if check.mend else ""
    says = " ".join(f"{check.says}{mend}".split())
    return f"{TOLD[check.state]:<8} {check.name:<{wide}}  {says}"


def all_well(checks: Sequence[Check]) -> bool:
    """Whether nothing is wrong; what is only to know of counts as well."""
    return not any(check.state == "bad" for check in checks)
