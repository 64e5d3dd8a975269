"""GET changes nothing, whoever asks: every table is the same before and after, but for lines of the audit log."""

import pytest
from sqlalchemy import select

from bot.store.tables import Base

from .conftest import Place
from .table import CASE, STREAMS, TABLE
from .test_every_route import ask

# What is read is written down: not by the page's script, which whoever reads could leave out.
READING = {
    ("GET", CASE): {"viewed"},
    ("GET", f"{CASE}/print"): {"exported"},
    ("GET", "/console/attachments/{attachment_id}"): {"attachment_saved"},
    ("GET", "/console/review"): {"reviews_viewed"},
    ("GET", "/console/review/{message_id}"): {"review_viewed"},
    ("GET", "/console/reports/{key}.csv"): {"report_downloaded"},
    ("GET", "/console/settings"): {"settings_viewed"},
    ("GET", "/console/settings/data"): {"settings_viewed"},
    ("GET", "/console/settings/protocol"): {"settings_viewed"},
    ("GET", "/console/settings/telegram"): {"settings_viewed"},
    ("GET", "/console/settings/website"): {"settings_viewed"},
    ("GET", "/console/sessions/{enrolment_id}"): {"enrolment_viewed"},
    ("GET", "/console/sessions/{enrolment_id}/sheet"): {"sheet_printed"},
}
CALLERS = ("outsider", "patient", "reviewer", "clinician", "admin")
NOT_COMPARED = {"audit", "staff_sessions"}  # the session of whoever asks is begun by `ask`


def tables(place: Place) -> dict[str, list[tuple]]:
    with place.house.services.store.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table.name}")))  # noqa: S608
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_COMPARED
        }


def audited(place: Place) -> list[str]:
    with place.house.services.store.read() as session:
        return list(session.scalars(select(Base.metadata.tables["audit"].c.action)))


@pytest.mark.parametrize("caller", CALLERS)
def test_no_get_changes_a_row(place: Place, caller: str):
    before = tables(place)
    for method, path in sorted(TABLE):
        if method != "GET" or (method, path) in STREAMS:
            continue
        known = len(audited(place))
        ask(place, caller, "GET", path)
        assert tables(place) == before, path
        added = {action for action in audited(place)[known:] if action != "signed_in"}  # by `ask` itself
        assert added <= READING.get((method, path), set()) | {"denied"}, path


def test_opening_a_case_does_not_tell_the_patient_that_it_was_seen(place: Place):
    for caller in ("clinician", "admin"):
        assert ask(place, caller, "GET", CASE).status_code == 200
    with place.house.services.store.read() as session:
        events = Base.metadata.tables["events"].c
        assert "seen" not in session.scalars(select(events.kind)).all()
