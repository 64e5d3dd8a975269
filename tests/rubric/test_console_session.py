"""One browser's session in many tabs: what a tab does when another one has signed in, checked in Chromium."""

from playwright.sync_api import Page, expect

from bot.store.tables import Role, StaffSession
from tests.rubric.test_console_case import at_once, draft_of, take_over
from tests.rubric.ward import PASSWORD, URGENT, Nurse, Ward, until

STALE = "document.querySelector('meta[name=csrf]').content = 'of-an-older-session'"


def end_session(ward: Ward, nurse: Nurse) -> None:
    """The session ends on the server, as by time."""
    with ward.house.store.write() as session:
        session.query(StaffSession).filter(StaffSession.staff_id == nurse.staff.id).delete()


def sessions_of(ward: Ward, nurse: Nurse) -> int:
    with ward.house.store.read() as session:
        return session.query(StaffSession).filter(StaffSession.staff_id == nurse.staff.id).count()


def sign_in_again(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and go on").click()
    expect(page.locator("#again")).to_be_hidden()


def sends(page: Page) -> None:
    """The reply that is written is sent at the first try."""
    page.locator("#send").click()
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#composer-error")).to_have_text("")


def test_signing_in_in_one_tab_opens_the_others_of_the_same_person(ward: Ward) -> None:
    first, second = ward.patient(URGENT), ward.patient(URGENT)
    nurse = ward.nurse("Tabbed Tess")
    other = ward.tab(nurse)
    nurse.opens(first)
    at_once(nurse)
    take_over(nurse)
    other.opens(second)
    take_over(other)
    nurse.page.locator("#reply-text").fill("The one, half written.")
    other.page.locator("#reply-text").fill("The other, half written.")
    until(lambda: draft_of(ward, nurse, first) and draft_of(ward, nurse, second), "both are kept")
    end_session(ward, nurse)
    for page in (nurse.page, other.page):
        expect(page.locator("#again")).to_be_visible()
    sign_in_again(nurse.page)
    expect(other.page.locator("#again")).to_be_hidden()
    expect(other.page.locator(".shell")).to_be_visible()
    expect(other.page.locator("#reply-text")).to_have_value("The other, half written.")
    sends(other.page)
    sends(nurse.page)
    assert ward.heard(first) == ["The one, half written."]
    assert ward.heard(second) == ["The other, half written."]
    assert sessions_of(ward, nurse) == 1


def test_a_tab_whose_token_is_of_an_older_session_gets_the_new_one_by_itself(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Stale Stan")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    page.evaluate(STALE)
    page.locator("#reply-text").fill("Written with an old token.")
    sends(page)
    assert ward.heard(conversation) == ["Written with an old token."]
    expect(page.locator("#again")).to_be_hidden()


def test_somebody_else_who_signs_in_opens_nothing_of_the_one_before(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse, colleague = ward.nurse("Former Fay"), ward.staff("Next Nell", Role.CLINICIAN)
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    page.locator("#reply-text").fill("a draft of the one before")
    until(lambda: draft_of(ward, nurse, conversation), "it is kept")
    other = ward.tab(nurse).inbox()
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("E-mail").fill(colleague.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_selector("#rows", state="attached")
    again = page.locator("#again")
    expect(again).to_contain_text("Next Nell is signed in in this browser now")
    expect(page.locator(".shell")).to_be_hidden()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    expect(again).to_be_visible()
    expect(other.locator("#again")).to_be_hidden()
    again.get_by_role("button", name="Reload").click()
    expect(page.locator(".me-name")).to_contain_text("Next Nell")
    expect(page.locator("#reply-text")).to_have_value("")
    assert draft_of(ward, nurse, conversation) == "a draft of the one before"
