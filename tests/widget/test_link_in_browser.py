"""The clinic's link in a real browser: its token leaves the address bar at once and stands in no request's address."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.conversation.enrolment import SessionNote
from bot.store.tables import Patient
from tests.browsers import chromium_path
from tests.house import House
from tests.web.conftest import served

pytestmark = [pytest.mark.browser, pytest.mark.integration]


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    found = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield await browser.new_page(locale="en-GB")
        await browser.close()


async def test_a_link_opens_the_chat_and_agreeing_ties_it(house: House, page: Page):
    token = house.services.enrolling.create(
        house.staff(), SessionNote("Mia", house.clock.now() - timedelta(hours=3))
    ).token
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    async with served(house) as it:
        base = str(it.client.base_url)
        await page.goto(f"{base}/?from=sheet#aftercare={token}")
        await page.get_by_role("button", name="I agree").click()
        await expect(page.get_by_text("From the clinic I know")).to_be_visible()
        assert page.url == f"{base}/?from=sheet"
        assert not any(token in url for url in requests)
        assert token not in await page.evaluate("JSON.stringify([localStorage, history.state])")
        await page.evaluate(f"location.hash = '#aftercare={token}'")
        await expect(page.get_by_text("This link is done")).to_be_visible()
        assert page.url == f"{base}/?from=sheet"
    with house.store.read() as session:
        assert session.query(Patient.record_id).all() == [(1,)]


async def test_a_link_replaces_a_chat_that_the_clinic_no_longer_has(house: House, page: Page):
    note = SessionNote("Mia", house.clock.now() - timedelta(hours=3))
    token = house.services.enrolling.create(house.staff(), note).token
    async with served(house) as it:
        base = str(it.client.base_url)
        await page.goto(f"{base}/widget/aftercare-es.js")
        stale = '{"token": "no-longer-known", "id": "x"}'
        await page.evaluate("([key, value]) => localStorage.setItem(key, value)", [f"aftercare {base}/ token", stale])
        await page.goto(f"{base}/#aftercare={token}")
        await page.get_by_role("button", name="I agree").click()
        await expect(page.get_by_text("From the clinic I know")).to_be_visible()
        assert "no-longer-known" not in await page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.parametrize("writes_first", [False, True])
async def test_a_link_that_could_not_be_opened_is_opened_later(house: House, page: Page, writes_first: bool):
    note = SessionNote("Mia", house.clock.now() - timedelta(hours=3))
    token = house.services.enrolling.create(house.staff(), note).token
    soon = 600_000 if writes_first else 50
    await page.add_init_script(
        "const later = setTimeout; window.setTimeout = (does, ms, ...more) =>"
        f" later(does, ms >= 5000 && ms <= 10000 ? {soon} : ms, ...more)"
    )
    async with served(house) as it:
        base = str(it.client.base_url)
        opened = f"{base}/api/v1/conversations"
        await page.route(opened, lambda route: route.fulfill(status=503, body="{}"))
        async with page.expect_response(f"{base}/api/v1/widget"), page.expect_response(opened):
            await page.goto(f"{base}/#aftercare={token}")
        await expect(page.get_by_text("cannot be reached")).to_be_visible()
        await page.unroute(opened)
        if writes_first:
            await page.locator("aftercare-chat textarea").fill("hello")
            await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="I agree")).to_be_visible()
        await expect(page.get_by_text("cannot be reached")).to_have_count(0)
