"""When who is paged about a case while nobody acknowledges it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.care.clinic_sections import Alerts, Group
from bot.triage.tier import Tier

StepName = Literal["first", "again", "backup", "overdue"]
EVERYBODY: Sequence[Group] = ("staff", "backup", "group")


@dataclass(frozen=True)
class Step:
    """One round of pages: at an instant, to groups of addresses."""

    name: StepName
    at: datetime
    groups: Sequence[Group]


def steps(alerts: Alerts, tier: Tier, begun_at: datetime, due_at: datetime) -> list[Step]:
    """The rounds of an alert that began at `begun_at` about a case due at `due_at`, in order of time.

    Of a routine case there is one, when it begins; its alert begins only once the case is overdue.
    """
    if tier < Tier.URGENT:
        return [Step("overdue", begun_at, alerts.routine_overdue)]
    paging = alerts.emergency if tier is Tier.EMERGENCY else alerts.urgent
    found = [
        Step("first", begun_at, paging.first),
        Step("again", begun_at + timedelta(minutes=paging.again_minutes), paging.first),
        Step("backup", begun_at + timedelta(minutes=paging.backup_minutes), (*paging.first, "backup")),
    ]
    # Where it was due before anybody could be paged (a takeover that lapsed), the last round is everybody's.
    last = max(step.at for step in found)
    found.append(Step("overdue", due_at if due_at > begun_at else last, EVERYBODY))
    return sorted(found, key=lambda step: step.at)
