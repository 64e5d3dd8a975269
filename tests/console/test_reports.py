"""Reports: figures against plain SQL of this test's own, ranges in the clinic's zone, CSV that no spreadsheet runs."""

import csv
import io
import json
import random
import sqlite3
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest

from bot.console.report_range import RangeError, read_range
from bot.console.report_table import Table, as_csv, quantile
from bot.store.tables import (
    Author,
    Case,
    CaseState,
    Conversation,
    FollowUp,
    FollowUpState,
    Handling,
    Message,
    Outcome,
    Patient,
)
from bot.triage.tier import Tier

from .conftest import NOON, hour

TOPICS = ("washing_hair", "sunscreen", "cost", "side_effects", "procedure", "needle_length", "sleep_position")


@pytest.fixture
def busy(house):
    """Two months of chance: messages, cases, replies, check-ins. The seed is fixed, so a failure repeats."""
    chance = random.Random(7)
    with house.services.store.write() as session:
        for number in range(40):
            patient = Patient(channel="web", channel_key=f"k{number}", created_at=NOON)
            session.add(patient)
            session.flush()
            session.add(Conversation(id=f"{number:032d}", patient_id=patient.id, created_at=NOON))
        session.flush()
        for number in range(400):
            conversation = f"{chance.randrange(40):032d}"
            at = NOON - timedelta(minutes=chance.randrange(60 * 24 * 60))
            tier = chance.choices([0, 1, 2, 3], [12, 4, 3, 1])[0]
            session.add(
                Message(
                    conversation_id=conversation,
                    channel="web",
                    author=Author.PATIENT,
                    text="words",
                    tier=tier,
                    topics=[chance.choice(TOPICS)] if chance.random() < 0.9 else [],
                    intent=chance.choice(["nlu_fallback", "out_of_scope", "washing_hair", "washing_hair", None]),
                    handling=chance.choice([Handling.HANDLED] * 9 + [Handling.UNANSWERED]),
                    created_at=at,
                )
            )
            if number % 10 == 0:
                _case(session, chance, conversation, at, max(tier, 1))
        for number in range(30):
            sent = chance.random() < 0.8
            at = NOON - timedelta(days=chance.randrange(50), minutes=number)
            told = Message(
                conversation_id=f"{number:032d}", channel="web", author=Author.BOT, text="how is it", created_at=at
            )
            session.add(told)
            session.flush()
            session.add(
                FollowUp(
                    conversation_id=f"{number:032d}",
                    kind=chance.choice(["check_in_1", "check_in_3", "washing"]),
                    due_at=at,
                    window_h=12,
                    state=FollowUpState.SENT if sent else FollowUpState.MISSED,
                    message_id=told.id if sent else None,
                    created_at=at,
                )
            )
    return house


def _case(session, chance, conversation: str, at: datetime, tier: int) -> None:
    closed = chance.random() < 0.7
    session.add(
        Case(
            conversation_id=conversation,
            tier=tier,
            reason="red_flag",
            opened_at=at,
            due_at=at + hour(2),
            state=CaseState.CLOSED,
            closed_at=at + hour(chance.random() * 20),
            outcome=chance.choice(list(Outcome)) if closed else Outcome.SEEN,
            signs=[{"id": chance.choice(["pus", "fever"]), "tier": "urgent", "message_id": 1}],
        )
    )
    if chance.random() < 0.6:
        session.add(
            Message(
                conversation_id=conversation,
                channel="web",
                author=Author.CLINICIAN,
                text="hello",
                created_at=at + hour(chance.random() * 5),
            )
        )


COPIED = {
    "messages": "id, conversation_id, author, tier, topics, intent, handling, created_at",
    "cases": "id, conversation_id, tier, opened_at, due_at, closed_at, outcome",
    "follow_up": "id, conversation_id, kind, state, due_at, message_id",
}


@pytest.fixture
def sql(busy):
    """Plain SQL over the rows themselves, past our own code. The clinic's zone is UTC in these months."""
    assert busy.services.clinic.zone == "Europe/London"
    copy = sqlite3.connect(":memory:")
    with busy.services.store.engine.connect() as original:
        for name, columns in COPIED.items():
            copy.execute(f"CREATE TABLE {name} ({columns})")
            rows = original.exec_driver_sql(f"SELECT {columns} FROM {name}").all()  # noqa: S608
            marks = ", ".join("?" * (columns.count(",") + 1))
            values = [tuple(map(plain, row)) for row in rows]
            copy.executemany(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608
    yield lambda query, *values: copy.execute(query, values).fetchall()
    copy.close()


def plain(value):
    """A value as SQLite keeps it, whatever database it comes from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, list) else value


SINCE = "2026-10-26 00:00:00.000000"  # after summer time ended: London's midnight is UTC's
ADDRESS = "from=2026-10-26&to=2026-11-18"


def table(browser, key: str, query: str = ADDRESS) -> list[list[str]]:
    answer = browser.get(f"/console/reports/{key}.csv?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))


def test_volume_by_tier_matches_sql(sql, rae):
    rows = table(rae, "tiers")
    assert rows[0] == ["Day", "No flag", "Routine", "Urgent", "Emergency", "All"]
    assert len(rows) == 1 + 24
    by_tier = dict(
        sql("SELECT tier, count(*) FROM messages WHERE author='patient' AND created_at >= ? GROUP BY 1", SINCE)
    )
    assert [sum(int(row[1 + tier]) for row in rows[1:]) for tier in Tier] == [by_tier.get(tier, 0) for tier in Tier]
    on_one_day = sql("SELECT count(*) FROM messages WHERE author='patient' AND date(created_at) = '2026-11-10'")[0][0]
    assert next(row for row in rows if row[0] == "10 Nov")[5] == str(on_one_day)


def test_topics_match_sql(sql, rae):
    found = {row[0]: int(row[1]) for row in table(rae, "topics")[1:]}
    asked = sql(
        "SELECT count(*) FROM messages WHERE author='patient' AND created_at >= ?"
        " AND json_extract(topics, '$[0]') = 'washing_hair'",
        SINCE,
    )
    assert found["Washing hair"] == asked[0][0]
    over_time = table(rae, "topics_over_time")
    assert sum(int(cell) for row in over_time[1:] for cell in row[1:]) == sum(found.values())


def test_response_times_match_sql(sql, rae):
    waits = sql(
        """
        SELECT c.tier, (julianday(min(c.closed_at, coalesce(
            (SELECT min(m.created_at) FROM messages m WHERE m.author = 'clinician'
             AND m.conversation_id = c.conversation_id AND m.created_at >= c.opened_at), c.closed_at)))
          - julianday(c.opened_at)) * 1440.0, c.opened_at
        FROM cases c WHERE c.opened_at >= ?""",
        SINCE,
    )
    rows = {row[0]: row[1:] for row in table(rae, "responses")[1:]}
    for tier in (Tier.ROUTINE, Tier.URGENT, Tier.EMERGENCY):
        mine = [minutes for of, minutes, _ in waits if of == tier]
        cases, responded, middle, ninety, late, _ = rows[tier.label.capitalize()]
        assert (int(cases), int(responded)) == (len(mine), len(mine))
        assert float(middle) == pytest.approx(median(mine), abs=0.06)
        assert float(ninety) == pytest.approx(percentile_cont(mine, 0.9), abs=0.06)
        assert int(late) == sum(minutes > 120.0001 for minutes in mine)
    hours = table(rae, "late_by_hour")[1:]
    for row in hours:
        there = [minutes for _, minutes, at in waits if at[11:13] == row[0][:2]]
        assert [int(row[1]), int(row[2])] == [len(there), sum(minutes > 120.0001 for minutes in there)]


def percentile_cont(values: list[float], level: float) -> float:
    """As PostgreSQL defines it, written down anew."""
    ordered = sorted(values)
    rank = level * (len(ordered) - 1)
    low, high = int(rank), -int(-rank // 1)
    return ordered[low] if low == high else (high - rank) * ordered[low] + (rank - low) * ordered[high]


def test_false_alarms_match_the_cases(busy, rae):
    with busy.services.store.read() as session:
        closed = session.query(Case).filter(Case.closed_at >= datetime.fromisoformat(f"{SINCE}+00:00")).all()
    mine = [case for case in closed if case.signs[0]["id"] == "pus" and case.closed_at < NOON + hour(12)]
    false = sum(case.outcome is Outcome.FALSE_ALARM for case in mine)
    row = next(row for row in table(rae, "false_alarms") if row[0].startswith("Pus"))
    assert row[1:] == [str(len(mine)), str(false), str(round(100 * false / len(mine), 1))]


def test_unanswered_questions_match_sql(sql, rae):
    rows = table(rae, "unanswered")[1:]
    down = sql(
        "SELECT count(*) FROM messages WHERE author='patient' AND handling='unanswered' AND created_at >= ?", SINCE
    )[0][0]
    unsure = sql(
        "SELECT count(*) FROM messages WHERE author='patient' AND handling!='unanswered'"
        " AND intent='nlu_fallback' AND created_at >= ?",
        SINCE,
    )[0][0]
    assert [sum(int(row[at]) for row in rows) for at in (2, 3)] == [down, unsure]


def test_conversations_of_the_assistant_alone_match_sql(sql, rae):
    rows = table(rae, "alone")[1:]
    alone = sql(
        """
        SELECT count(*) FROM (SELECT DISTINCT m.conversation_id AS c, date(m.created_at) AS d FROM messages m
          WHERE m.author = 'patient' AND m.created_at >= ?) x
        WHERE NOT EXISTS (SELECT 1 FROM cases k WHERE k.conversation_id = x.c AND date(k.opened_at) = x.d)
          AND NOT EXISTS (SELECT 1 FROM messages s WHERE s.author = 'clinician' AND s.conversation_id = x.c
                          AND date(s.created_at) = x.d)""",
        SINCE,
    )[0][0]
    assert sum(int(row[2]) for row in rows) == alone


def test_check_ins_match_sql(sql, rae):
    sent = dict(
        sql(
            "SELECT kind, count(*) FROM follow_up WHERE state='sent' AND due_at >= ? AND kind LIKE 'check%' GROUP BY 1",
            SINCE,
        )
    )
    answered = dict(
        sql(
            """
            SELECT f.kind, count(*) FROM follow_up f JOIN messages b ON b.id = f.message_id
            WHERE f.kind LIKE 'check%' AND f.due_at >= ? AND EXISTS (SELECT 1 FROM messages p
              WHERE p.author = 'patient' AND p.conversation_id = f.conversation_id AND p.created_at > b.created_at
              AND julianday(p.created_at) <= julianday(b.created_at) + 1.0) GROUP BY 1""",
            SINCE,
        )
    )
    rows = table(rae, "check_ins")[1:]
    for kind, row in zip(("check_in_1", "check_in_3"), rows, strict=False):
        assert [int(row[1]), int(row[2])] == [sent.get(kind, 0), answered.get(kind, 0)]


def test_a_cell_that_looks_like_a_formula_is_text(house, rae):
    message = house.patient("p", "hello")
    with house.services.store.write() as session:
        session.get_one(Message, message.id).topics = ["=1+1"]
    answer = rae.get("/console/reports/topics.csv?days=7")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert list(csv.reader(io.StringIO(answer.text)))[1][0] == "'=1+1"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_every_dangerous_beginning_is_kept_from_spreadsheets(start):
    text = as_csv(Table("x", "X", "", ("a",), [(start,)]))
    assert list(csv.reader(io.StringIO(text)))[1][0] == f"'{start}"


@pytest.mark.parametrize("values", [[5.0], [1.0, 2.0], [3.0, 1.0, 2.0], [float(n * n) for n in range(11)]])
def test_quantiles_are_those_of_sql(values):
    assert quantile(values, 0.5) == pytest.approx(median(values))
    assert quantile(values, 0.9) == pytest.approx(percentile_cont(values, 0.9), abs=0.05)
    assert quantile([], 0.5) is None


def test_the_range_stands_in_the_address_and_is_days_of_the_clinic(busy, rae):
    zone = busy.services.clinic.tz
    assert read_range({"days": "7"}, NOON, zone).first == date(2026, 11, 12)
    assert read_range({}, NOON, zone).query == "days=30"
    summer = read_range({"from": "2026-10-24", "to": "2026-10-26"}, NOON, zone)
    assert (summer.end - summer.start) == timedelta(days=3, hours=1)  # the clocks went back
    html = rae.get(f"/console/reports?{ADDRESS}").text
    assert 'value="2026-10-26"' in html
    assert "26 Oct 2026 to 18 Nov 2026, Europe/London" in html
    assert "tiers.csv?from=2026-10-26&amp;to=2026-11-18" in html


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-11-10", "to": "2026-11-01"},
        {"from": "yesterday"},
        {"from": "2019-01-01", "to": "2026-11-01"},
        {"from": "2026-11-01", "to": "2027-01-01"},
        {"to": "2026-11-01"},
    ],
)
def test_dates_that_are_no_range_are_said(house, rae, asked):
    with pytest.raises(RangeError):
        read_range(asked, NOON, house.services.clinic.tz)
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    answer = rae.get(f"/console/reports?{query}")
    assert answer.status_code == 422
    assert "<title>Error: Reports" in answer.text
    assert rae.get(f"/console/reports/tiers.csv?{query}").status_code == 422


def test_a_quiet_clinic_is_told_that_there_is_nothing_rather_than_shown_noughts(house, rae):
    html = rae.get("/console/reports?days=7").text
    assert html.count("Nothing in these days.") >= 4
    assert "No case was opened in these days." in html
    assert '<svg class="chart' not in html


def test_no_words_of_patients_are_in_any_report(house, rae):
    house.patient("p", "there is pus coming out, says Zebedee")
    for address in ("/console/reports", *(f"/console/reports/{key}.csv" for key in ("tiers", "topics", "responses"))):
        assert "Zebedee" not in rae.get(address).text
    assert rae.get("/console/reports/nothing.csv").status_code == 404


def test_weeks_and_months_stand_for_long_ranges(busy, rae):
    assert table(rae, "tiers", "days=90")[0][0] == "Week"
    assert table(rae, "tiers", "from=2026-01-01&to=2026-11-18")[0][0] == "Month"
    counted = {days: sum(int(row[5]) for row in table(rae, "tiers", query)[1:])
               for days, query in ((90, "days=90"), (320, "from=2026-01-01&to=2026-11-18"))}  # fmt: skip
    assert counted[90] == counted[320] == 400
