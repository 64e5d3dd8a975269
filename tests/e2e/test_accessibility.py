"""axe finds nothing serious on any page, on a desktop and on a phone, in light and in dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import DESKTOP, PHONE
from .pages import Console, Widget, conversation_of, settle
from .stack import Stack

Views = Callable[..., Page]
VIEWS = pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark")],
    ids=["desktop", "phone", "dark"],
)


def serious(page: Page) -> list[str]:
    """Violations that are serious or critical, each with where it is."""
    settle(page)
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@VIEWS
def test_the_demo_page_and_the_open_chat(new_page: Views, viewport: dict[str, int], scheme: str) -> None:
    widget = Widget(new_page(viewport, color_scheme=scheme))
    assert not serious(widget.page)
    widget.asks("can I put my Rogaine on before bed?")
    widget.asks("it oozes and i feel hot")
    assert not serious(widget.page)


@VIEWS
def test_the_console(new_page: Views, stack: Stack, viewport: dict[str, int], scheme: str) -> None:
    said = f"it oozes and i feel hot, seen on {viewport['width']} {scheme}"
    widget = Widget(new_page())
    widget.asks("my session ended yesterday at 3pm")
    widget.asks(said)
    page = new_page(viewport, color_scheme=scheme)
    page.goto("/console/sign-in")
    assert not serious(page)
    console = Console(page, stack, f"Ada {scheme.capitalize()} {viewport['width']}")
    conversation_id = conversation_of(stack, said)
    expect(console.row(conversation_id)).to_be_visible()
    assert not serious(page)
    console.row(conversation_id).click()
    expect(console.transcript.locator("mark").first).to_be_attached()
    assert not serious(page)
    console.presses("Take over")
    console.presses("Close case")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not serious(page)


@VIEWS
def test_a_new_session_its_link_and_its_sheet(
    new_page: Views, stack: Stack, viewport: dict[str, int], scheme: str
) -> None:
    page = Console(
        new_page(viewport, color_scheme=scheme), stack, f"Eda {scheme.capitalize()} {viewport['width']}"
    ).page
    page.goto("/console/sessions")
    assert not serious(page)
    page.get_by_label("First name, initials or reference").fill("M. K.")
    page.get_by_role("button", name="Enter and make the link").click()
    expect(page.get_by_role("heading", name="Link for M. K.")).to_be_visible()
    assert not serious(page)
    page.get_by_role("link", name="Print the sheet").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert not serious(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_chats_head_and_composer_stay_where_they_are(new_page: Views, viewport: dict[str, int]) -> None:
    widget = Widget(new_page(viewport))
    for text in ("can I put my Rogaine on before bed?", "yesterday at 3pm", "can I swim?", "can I dye it?"):
        widget.asks(text)
    panel = widget.page.get_by_role("dialog")
    assert panel.evaluate("panel => [panel.scrollTop, panel.scrollHeight - panel.clientHeight]") == [0, 0]
    for part in (widget.title, widget.composer, widget.page.get_by_role("link", name="Emergency")):
        expect(part).to_be_in_viewport(ratio=1)


def test_nothing_scrolls_sideways_on_a_phone(new_page: Views, stack: Stack) -> None:
    widget = Widget(new_page(PHONE))
    said = "it oozes and i feel hot, on a phone"
    widget.asks(said)
    console = Console(new_page(PHONE), stack, "Ida Narrow")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert widget.page.evaluate(wide) <= 0
    assert console.page.evaluate(wide) <= 0
    console.page.goto(f"/console/conversations/{conversation_of(stack, said)}")
    assert console.page.evaluate(wide) <= 0
