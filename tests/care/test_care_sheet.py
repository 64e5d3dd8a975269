"""The printed sheet: dates in full, from the plan, and no figure where the clinic set none."""

from datetime import UTC, datetime

from bot.care.sheet import sheet
from bot.care.treatment import Treatment, outlasts

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
ENDED = datetime(2026, 6, 9, 14, 5, tzinfo=UTC)  # 15:05 in London


def test_dates_are_said_in_full_in_the_clinics_time_and_in_order(clinic, wording):
    made = sheet(clinic, wording, Treatment(ENDED, "recorded", 1.0), {"wash_h": 36.0}, NOW)
    when = {line.name: line.when for line in made.lines}
    assert "Tuesday 9 June 2026 at 15:05" in made.session
    assert when["Washing your hair"] == "Thursday 11 June 2026 at 03:05"
    assert when["Minoxidil"] == "Thursday 11 June 2026 at 15:05"  # deep: 48 hours
    assert made.lines[0].name == "A clean, loose hat"
    assert made.lines[-1].name == "The next session"


def test_where_the_clinic_set_no_figure_the_sheet_gives_no_date(silent_clinic, wording):
    made = sheet(silent_clinic, wording, Treatment(ENDED, "recorded"), {}, NOW)
    assert {line.when for line in made.lines} == {"any time", "please ask us"}


def test_the_twelve_hour_clock(clinic, wording):
    tone = clinic.tone.model_copy(update={"clock": "12h"})
    american = clinic.model_copy(update={"tone": tone, "zone": "America/New_York"})
    assert "10:05 am" in sheet(american, wording, Treatment(ENDED, "recorded"), {}, NOW).session


def test_only_a_later_session_outlasts_the_clinics_record(clinic):
    def of(day: int, hour: int, certainty: str) -> Treatment:
        return Treatment(datetime(2026, 6, day, hour, tzinfo=UTC), certainty)

    record = of(9, 14, "recorded")
    assert outlasts(of(10, 9, "said"), record, clinic.tz)
    assert outlasts(of(9, 15, "recorded"), record, clinic.tz)
    for known in (of(9, 18, "said"), of(12, 9, "vague"), of(8, 9, "recorded"), record):
        assert not outlasts(known, record, clinic.tz)
