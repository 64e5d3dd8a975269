"""Pictures of review, reports and settings: AFTERCARE_PICTURES=1 pytest tests/rubric/test_console_pages_pictures.py"""

import os

import pytest

from bot.learning.reviewing import keep_review
from bot.settings import ROOT
from bot.store.tables import Finding, Message, Role
from tests.rubric.busy import to_review, two_months
from tests.rubric.ward import Ward

PICTURES = ROOT / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PAGES = {
    "review": "/console/review",
    "reviewed": "/console/review?show=done",
    "reports": "/console/reports?days=30",
    "steps": "/console/settings",
    "staff": "/console/staff",
    "protocol": "/console/settings/protocol",
    "website": "/console/settings/website",
    "telegram": "/console/settings/telegram",
    "data": "/console/settings/data",
}

pytestmark = pytest.mark.skipif(
    os.environ.get("AFTERCARE_PICTURES") != "1", reason="docs/screenshots is rewritten only with AFTERCARE_PICTURES=1"
)


@pytest.fixture
def ids(ward: Ward, request: pytest.FixtureRequest) -> list[int]:
    """The messages to review, one of them reviewed; staff of every kind."""
    ids = getattr(request.module, "_ids", None)
    if ids is None:
        two_months(ward.house)
        ids = request.module._ids = to_review(ward.house)
        rae = ward.staff("Rae Moss", Role.REVIEWER, "")
        ward.staff("Ben Ito", title="Dr")
        with ward.house.store.write() as session:
            message = session.get_one(Message, ids[2])
            keep_review(session, ward.house.clock.now(), rae, message, Finding.WRONG_TOPIC, "pain_relief", set())
    return ids


@pytest.mark.parametrize(
    ("viewport", "scheme", "mark"),
    [(DESKTOP, "light", ""), (PHONE, "light", "-phone"), (DESKTOP, "dark", "-dark"), (PHONE, "dark", "-phone-dark")],
    ids=["desktop", "phone", "desktop-dark", "phone-dark"],
)
def test_pictures(ward: Ward, ids: list[int], viewport: dict[str, int], scheme: str, mark: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = ward.nurse("Ada Admin", Role.ADMIN, viewport=viewport, color_scheme=scheme).page

    def take(name: str) -> None:
        page.mouse.move(1, 1)
        page.wait_for_timeout(400)
        page.screenshot(path=PICTURES / f"console-{name}{mark}.png", caret="hide", animations="disabled")

    for name, address in {**PAGES, "review-one": f"/console/review/{ids[1]}"}.items():
        page.goto(address)
        take(name)
    page.goto("/console/reports?days=30")
    for section in ("late_by_hour", "topics", "alone"):
        page.locator(f"#{section}").scroll_into_view_if_needed()
        page.locator(f"#{section}").evaluate("one => one.scrollIntoView()")
        take(f"reports-{section.replace('_', '-')}")
    page.goto("/console/review")
    page.get_by_role("link", name="Wrong topic…").first.click()
    page.keyboard.type("wa")
    take("review-topics")
