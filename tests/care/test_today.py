"""The day's plan: the same times as the answers, nothing fine while an urgent case is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.care.clinic import Clinic
from bot.care.plan import RULES, care_plan
from bot.care.today import Today, today
from bot.care.treatment import Certainty, Treatment
from bot.care.values import activity_values
from bot.care.wording import Wording
from bot.triage.tier import Tier

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)


def plan_of(
    clinic: Clinic, wording: Wording, hours: float, *, case: Tier = Tier.NONE, certainty: Certainty = "said"
) -> Today:
    return today(clinic, wording, Treatment(NOW - timedelta(hours=hours), certainty), {}, NOW, case)


@pytest.mark.parametrize("certainty", ["said", "vague"])
@pytest.mark.parametrize("hours", [0, 5, 23.99, 24, 30, 50, 75, 200, 800])
def test_every_activity_stands_in_one_place_with_the_plans_own_time(
    clinic: Clinic, wording: Wording, hours: float, certainty: Certainty
) -> None:
    day = plan_of(clinic, wording, hours, certainty=certainty)
    assert sorted(item.id for item in (*day.fine, *day.wait, *day.ask)) == sorted(RULES)
    plan = care_plan(clinic, Treatment(NOW - timedelta(hours=hours), certainty), NOW)
    for item in day.wait:
        activity = plan[item.id]
        said = activity_values(activity, plan, clinic)["from"]
        assert said is not None
        assert item.said.endswith(f": from {said}")
        assert item.until is not None
        assert activity.allowed_from is not None
        assert item.until >= activity.allowed_from
    assert all(plan[item.id].allowed for item in day.fine)
    assert [item.until for item in day.wait] == sorted(item.until for item in day.wait if item.until)


def test_what_must_also_hold_is_said(clinic: Clinic, wording: Wording) -> None:
    fine = {item.id: item.only_if for item in plan_of(clinic, wording, 30).fine}
    assert fine["minoxidil"] == "Only if your scalp is calm and the skin closed."
    assert fine["washing"] == ""


@pytest.mark.parametrize(("case", "said"), [(Tier.URGENT, "looked at today"), (Tier.EMERGENCY, "Call 999")])
def test_with_an_urgent_case_open_nothing_is_fine(clinic: Clinic, wording: Wording, case: Tier, said: str) -> None:
    day = plan_of(clinic, wording, 80, case=case)
    assert (day.fine, day.wait, day.ask) == ((), (), ())  # a time would be read as a yes from then on
    assert said in day.held
    assert plan_of(clinic, wording, 80, case=Tier.ROUTINE).fine


def test_where_the_clinic_set_no_figure_no_time_is_said(silent_clinic: Clinic, wording: Wording) -> None:
    day = plan_of(silent_clinic, wording, 30)
    assert all(item.said.endswith("please ask the clinic") for item in day.ask)
    assert {"washing", "minoxidil"} <= {item.id for item in day.ask}


def test_an_old_session_is_not_of_interest_any_more(clinic: Clinic, wording: Wording) -> None:
    assert plan_of(clinic, wording, 13 * 24).recent
    assert not plan_of(clinic, wording, 15 * 24).recent
