"""A conversation's page: what it shows, and that nothing a patient sends can act in it."""

import html
import re

import pytest

from bot.console.marks import Span, marked, spans_of
from bot.console.signs import Signs
from bot.store.tables import Attachment, Audit, Conversation, FollowUp, FollowUpState, Reminders, TreatmentRow
from bot.triage.tier import Tier

from .conftest import hour

EMERGENCY = "no fever, but my face is swelling and I can't breathe"


def page_of(browser, message) -> str:
    answer = browser.get(f"/console/conversations/{message.conversation_id}")
    assert answer.status_code == 200
    return answer.text


def marks_of(page: str) -> list[str]:
    return [html.unescape(re.sub("<[^>]+>", "", text)) for text in re.findall(r"<mark[^>]*>(.*?)</mark>", page)]


def test_evidence_is_marked_exactly_where_it_was_found(house, ana):
    message = house.patient("a", EMERGENCY)
    signs = message.verdict["signs"]
    assert signs
    assert set(marks_of(page_of(ana, message))) == {message.text[sign["start"] : sign["end"]] for sign in signs}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 3)], "<abc>defghi"),
        ([(0, 3), (5, 7)], "<abc>de<fg>hi"),
        ([(0, 6), (2, 4)], "<ab<cd>ef>ghi"),
        ([(0, 9), (0, 3), (6, 9)], "<<abc>def<ghi>>"),
        ([(0, 5), (3, 8)], "<abcde><fgh>i"),
        ([], "abcdefghi"),
    ],
)
def test_marks_keep_the_text_whatever_the_spans(spans, expected):
    ordered = sorted(spans, key=lambda one: (one[0], -one[1]))
    out = str(marked("abcdefghi", [Span(start, end, Tier.URGENT, ("x",)) for start, end in ordered]))
    assert re.sub(r"<mark[^>]*>", "<", out).replace("</mark>", ">") == expected


def test_spans_that_do_not_fit_are_left_out():
    found = [{"id": "x", "tier": "urgent", "start": start, "end": end} for start, end in ((5, 3), (0, 99), (-1, 2))]
    assert spans_of("abc", found, Signs()) == []


def test_reminders_are_shown_as_planned_and_as_what_became_of_them(house, ana):
    message = house.patient("a", "hello")
    page = page_of(ana, message)
    assert "Reminders and check-ins" not in page
    due = house.services.clock.now() + hour(24)
    with house.services.store.write() as session:
        conversation = session.get_one(Conversation, message.conversation_id)
        conversation.reminders = Reminders.ON
        for kind, state, reason in (
            ("washing", FollowUpState.PLANNED, None),
            ("check_in_3", FollowUpState.SENT, None),
            ("minoxidil", FollowUpState.DROPPED, "case"),
        ):
            session.add(
                FollowUp(
                    conversation_id=conversation.id,
                    kind=kind,
                    due_at=due,
                    window_h=12,
                    state=state,
                    reason=reason,
                    claimed_at=due,
                    created_at=due,
                )
            )
    page = page_of(ana, message)
    for said in (
        "The patient wants them.",
        "Reminder: washing hair",
        "Check-in on day 3",
        "planned",
        "sent",
        "not sent: an urgent case was open",
    ):
        assert said in page


def test_the_why_panel_names_signs_sources_and_what_was_lowered(house, ana):
    page = page_of(ana, house.patient("a", EMERGENCY))
    assert "Found by the red-flag catalogue" in page
    assert "Source: NHS, Anaphylaxis (ANA)" in page
    assert "Seen, but not counted" in page
    assert "the patient says it is not so" in page


def test_the_banner_says_day_certainty_and_due(house, ana):
    message = house.patient("a", EMERGENCY)
    with house.services.store.write() as session:
        session.add(
            TreatmentRow(
                patient_id=1, ended_at=house.clock.now() - hour(50), certainty="said", told_by="patient",
                created_at=house.clock.now(),
            )
        )  # fmt: skip
    page = page_of(ana, message)
    for words in ("Day 2", "as the patient said", "due in 15 min", "The assistant answers", "Washing hair"):
        assert words in page


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "{{ 7 * 7 }}",
        "my face is swelling <b onclick=x>and I can't</b> breathe, can't breathe",
    ],
)
def test_what_patients_write_is_inert(house, ana, attack):
    message = house.patient("a", attack)
    page = page_of(ana, message)
    text = re.search(rf'<li id="m{message.id}".*?</li>', page, re.DOTALL)[0]
    shown = re.search(r"<p class=\"text\" data-text>(.*?)</p>", text, re.DOTALL)[1]
    assert set(re.findall(r"</?(\w+)", shown)) <= {"mark"}
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", shown)) == attack


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/pdf"])
def test_what_is_no_plain_image_is_a_download(house, ana, kind):
    house.photo("a", b"<script>alert(1)</script>", kind)
    answer = ana.get("/console/attachments/1")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["../secret.key", "/etc/passwd", "..", "gone.png", "link.png"])
def test_a_path_out_of_the_uploads_leads_nowhere(house, ana, name):
    house.photo("a", b"x", "image/png")
    (house.services.settings.data_dir / "secret.key").write_text("secret")
    (house.services.settings.uploads / "link.png").symlink_to(house.services.settings.data_dir / "secret.key")
    with house.services.store.write() as session:
        session.get_one(Attachment, 1).stored_name = name
    assert ana.get("/console/attachments/1").status_code == 404


@pytest.mark.parametrize("address", ["/console/attachments/99", "/console/conversations/none", "/console/x"])
def test_what_is_not_there_is_a_page_that_says_so(ana, address):
    answer = ana.get(address)
    assert answer.status_code == 404
    assert "Go to the queue" in answer.text


def test_opening_a_page_is_in_the_log_without_words_of_patients(house, ana):
    message = house.patient("a", EMERGENCY)
    page_of(ana, message)
    assert "Ana Silva</strong> opened this page" in page_of(ana, message)
    with house.services.store.read() as session:
        rows = session.query(Audit).all()
    assert not any("swelling" in str(row.detail) for row in rows)
