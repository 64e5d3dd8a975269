"""Every value a response of domain.yml may ask for, said as patients read it. None: not set, so no figure is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from bot.care.clinic import Clinic
from bot.care.clinic_sections import WEEKDAYS, Protocol
from bot.care.hours import closes_at, due_at, opens_at
from bot.care.local_time import say_clock, say_day, say_hours, say_instant, say_latest
from bot.care.plan import Activity, CarePlan
from bot.care.treatment import Treatment
from bot.triage.tier import Tier

Values = dict[str, str | None]


def clinic_values(clinic: Clinic, now: datetime) -> Values:
    """What is known without a patient: names, numbers to call, the protocol's figures, opening times from `now` on."""
    contacts, tone = clinic.contacts, clinic.tone
    closes, opens = closes_at(clinic, now), opens_at(clinic, now)
    values: Values = {name: _figure(getattr(clinic.protocol, name)) for name in Protocol.model_fields}
    values |= {
        "bot_name": tone.bot_name,
        "clinic": clinic.name,
        "phone": contacts.phone,
        "out_of_hours_phone": contacts.out_of_hours_phone,
        "out_of_hours_name": contacts.out_of_hours_name,
        "address": contacts.address,
        "website": contacts.website,
        "emergency": contacts.emergency_number,
        "emergency_department": tone.emergency_department,
        "poison_line": contacts.poison_line,
        "crisis_line": contacts.crisis_line,
        "crisis_line_name": contacts.crisis_line_name,
        "vet_line": contacts.vet_line,
        "call": contacts.phone if closes else contacts.out_of_hours_phone,
        "painkiller": tone.painkiller,
        "painkiller_cap": _capital(tone.painkiller),
        "minoxidil": tone.minoxidil,
        "minoxidil_cap": _capital(tone.minoxidil),
        "refuse": ", ".join(clinic.stances.refuse) or None,
        "defer": ", ".join(clinic.stances.defer) or None,
        "prices": ", ".join(f"{line.item} {line.price}" for line in clinic.stances.prices or ()) or None,
        "chat_days": _figure(clinic.privacy.chat_days),
        "privacy_contact": clinic.privacy.contact,
        "notice_url": clinic.privacy.notice_url,
        "opening_hours": opening_hours(clinic),
        "closes": say_clock(closes.astimezone(clinic.tz).time(), tone.clock) if closes else None,
        "opens": say_instant(opens, now, clinic.tz, tone.clock) if opens else None,
    }
    return values | due_value(clinic, Tier.ROUTINE, now)


def due_value(clinic: Clinic, tier: Tier, now: datetime, promised: datetime | None = None) -> Values:
    """`due`: by when staff answer a case of this tier. Routine is said as a day, since hours would promise too much.

    `promised` (aware) is when the open case is due: writing again puts off no promise that still lies ahead.
    """
    due = due_at(clinic, tier.label, now)
    if due is None:
        return {"due": None}
    if promised is not None and promised > now:
        due = min(due, promised)
    if tier is Tier.ROUTINE:
        return {"due": say_day(due.astimezone(clinic.tz).date(), now, clinic.tz)}
    return {"due": say_instant(due, now, clinic.tz, clinic.tone.clock)}


def activity_values(activity: Activity, plan: CarePlan, clinic: Clinic) -> Values:
    """`from`, `wait` (hours) and `hours_left` of one activity; a vague session time rounds to the later side."""
    if activity.allowed_from is None or activity.hours_left is None:
        return {"wait": _figure(activity.wait_h), "from": None, "hours_left": None}
    said = say_instant(activity.allowed_from, plan.now, clinic.tz, clinic.tone.clock, coarse=plan.vague)
    return {"wait": _figure(activity.wait_h), "from": said, "hours_left": str(say_hours(activity.hours_left))}


def personal_values(clinic: Clinic, personal: Mapping[str, float]) -> Values:
    """The protocol's figures as they hold for this patient: a clinician's own figure in place of the clinic's."""
    return {key: _figure(figure) for key, figure in personal.items() if key in type(clinic.protocol).model_fields}


def session_values(treatment: Treatment, clinic: Clinic, now: datetime) -> Values:
    """`ended`: when the session ended; `latest`: the latest it can have; `day`: local days since (0 on that day)."""
    if treatment.certainty == "vague":
        ended = say_day(treatment.ended_at.astimezone(clinic.tz).date(), now, clinic.tz)
    else:
        ended = say_instant(treatment.ended_at, now, clinic.tz, clinic.tone.clock)
    latest = say_latest(treatment.ended_at, now, clinic.tz, clinic.tone.clock)
    return {"ended": ended, "latest": latest, "day": str(treatment.day(now, clinic.tz))}


def opening_hours(clinic: Clinic) -> str:
    """The week's opening hours, equal neighbouring days joined: "Monday to Friday 09:00 to 18:00"."""
    said = []
    for openings, run in groupby(range(7), key=clinic.hours.on):
        days = [WEEKDAYS[day].capitalize() for day in run]
        if openings:
            clock = clinic.tone.clock
            times = " and ".join(f"{say_clock(o.opens, clock)} to {say_clock(o.closes, clock)}" for o in openings)
            said.append(f"{' to '.join(dict.fromkeys((days[0], days[-1])))} {times}")
    return ", ".join(said)


def _figure(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return f"{value:g}" if value else None  # "0 hours" is no figure worth saying


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
