"""The rubric's statements on the inbox, each checked in Chromium against a served bot."""

import re
from datetime import UTC, datetime, timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.console.times import Times
from bot.store.tables import Case, Message, Outcome, Role
from tests.rubric.ward import EMERGENCY, URGENT, Nurse, Ward, until

NOTICES = """
window.notices = [];
window.Notification = class { static permission = "granted"; constructor(title, options) {
  notices.push(title + " " + options.body + " " + (options.tag ?? "")); } };
"""

# Every push parses a fragment and morphs the page, as a change of the conversation does.
PUSHED = """async ([conversation, pushes]) => {
  const { morphParts } = await import("/console/static/morph.js");
  const channel = new BroadcastChannel("aftercare-console");
  const page = (await (await fetch(location.href, { headers: { "HX-Request": "true" } })).text());
  for (let number = 0; number < pushes; number += 1) {
    channel.postMessage({ type: "change", id: "", data: { kind: "message", conversation_id: "another" } });
    const changed = page.replace("The assistant answers", `The assistant answers ${number}`);
    morphParts(new DOMParser().parseFromString(changed, "text/html").body);
    if (number % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  channel.close();
}"""


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def close_all(ward: Ward) -> None:
    """Close every case, for a check that counts them."""
    ana = ward.staff("Chief Close", Role.ADMIN)
    for case in ward.house.cases():
        if case.closed_at is None:
            ward.house.services.desk.close(ana, case.id, Outcome.ADVICE_GIVEN)


def tiers(nurse: Nurse) -> list[str]:
    return nurse.page.locator("#rows .cell-tier").all_inner_texts()


def test_c36_an_empty_inbox_says_why(ward: Ward) -> None:
    nurse = ward.nurse("Empty Ella")
    expect(nurse.inbox().locator("#empty")).to_contain_text("All answered")
    ward.patient(URGENT)
    expect(nurse.inbox("?tier=emergency").locator("#empty")).to_contain_text("1 case is filtered out")
    reader = ward.nurse("Rae Reader", Role.REVIEWER)
    expect(reader.inbox("?tab=mine").locator("#empty")).to_contain_text("Reviewers have no cases")
    close_all(ward)
    nurse.inbox()
    nurse.page.context.set_offline(True)
    expect(nurse.page.locator("#empty .not-loaded")).to_be_visible()
    expect(nurse.page.get_by_text("All answered")).to_be_hidden()
    nurse.page.context.set_offline(False)
    expect(nurse.page.get_by_text("All answered")).to_be_visible()


def test_c01_urgency_then_wait_and_nothing_moves_under_pointer_or_focus(ward: Ward) -> None:
    close_all(ward)
    nurse = ward.nurse("Order Olga")
    for number in range(18):
        ward.patient(EMERGENCY if number % 6 == 5 else URGENT)
        ward.pass_time(seconds=20)
    nurse.inbox()
    expect(nurse.page.locator("#rows > li")).to_have_count(18)
    assert tiers(nurse) == ["Emergency"] * 3 + ["Urgent"] * 15
    with ward.house.store.read() as session:
        waits = session.query(Case.conversation_id).filter(Case.closed_at.is_(None))
        opened = [one for (one,) in waits.order_by(Case.tier.desc(), Case.opened_at, Case.id)]
    before = nurse.rows()
    assert before == opened
    nurse.page.locator("#rows > li").nth(4).hover()
    new = [ward.patient(EMERGENCY) for _ in range(3)]
    expect(nurse.page.locator("#new-bar")).to_have_text("3 new – refresh")
    assert nurse.rows() == before
    nurse.page.keyboard.press(".")
    until(lambda: set(new) <= set(nurse.rows()[:6]), "the new ones stand where they belong")
    nurse.page.mouse.move(5, 5)
    nurse.page.locator("#rows a").nth(2).focus()
    focused, before = nurse.rows()[2], nurse.rows()
    ward.patient(EMERGENCY)
    expect(nurse.page.locator("#new-bar")).to_have_text("1 new – refresh")
    assert nurse.rows() == before
    nurse.page.locator("#new-bar").click()
    until(lambda: len(nurse.rows()) == 22, "the new one is there")
    assert focused in nurse.rows()


def test_c02_the_wait_runs_from_the_oldest_unanswered_message_and_c03_stands_against_the_target(ward: Ward) -> None:
    nurse = ward.nurse("Wait Wanda")
    conversation = ward.patient(URGENT)
    until(lambda: ward.house.replies(conversation), "the assistant has answered")
    row = nurse.page.locator(f"#row-{conversation}")
    ward.pass_time(minutes=119)
    ward.writes(conversation, "hello?")
    nurse.inbox()
    expect(row).to_contain_text("waiting 1 h 59 min")
    expect(row).to_contain_text("due in 1 min")
    ward.pass_time(minutes=6)
    nurse.inbox()
    expect(row).to_contain_text("overdue by 5 min")
    ward.house.services.desk.take_over(nurse.staff, conversation)
    ward.house.services.desk.reply(
        nurse.staff, conversation, "I am here", key="c2", last_seen=ward.newest(conversation).id
    )  # fmt: skip
    expect(row).to_contain_text("waiting for the patient")


def test_c07_who_is_there_and_who_writes_shows_in_the_list_and_expires(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    ana, ben = ward.nurse("Seeing Ana"), ward.nurse("Typing Ben")
    row = ana.inbox().locator(f"#row-{conversation}")
    ben.opens(conversation)
    expect(row).to_contain_text("Typing Ben is here")
    ben.page.locator("#reply-text").press_sequentially("Hel")
    expect(row).to_contain_text("Typing Ben is writing")
    ben.page.route("**/presence", lambda route: route.abort())
    ben.page.context.close()
    ward.contexts.remove(ben.page.context)
    ward.pass_time(seconds=60)
    expect(row).not_to_contain_text("Typing Ben")


def test_c19_an_alert_names_nobody_and_c20_comes_once_across_tabs_and_only_on_shift(ward: Ward) -> None:
    nurse = ward.nurse("Alert Amy")
    nurse.page.context.add_init_script(NOTICES)
    nurse.inbox()
    other = ward.tab(nurse)
    other.inbox()
    conversation = ward.patient(EMERGENCY)
    until(lambda: nurse.page.evaluate("notices.length") + other.page.evaluate("notices.length"), "a notice")
    for tab in (nurse, other):
        expect(tab.page.locator("#alerts")).to_contain_text("A new emergency is waiting.")
        expect(tab.page).to_have_title(re.compile(r"^\(\d+\) "))
        expect(tab.page.locator("#icon")).to_have_attribute("href", "/console/static/icon-alarm.svg")
    notices = nurse.page.evaluate("notices") + other.page.evaluate("notices")
    [case] = [case for case in ward.house.cases() if case.conversation_id == conversation]
    assert notices == [f"Aftercare A new emergency is waiting. aftercare-{case.id}-emergency"]
    assert conversation[:4] not in notices[0]
    nurse.page.get_by_role("button", name="On shift").click()
    quiet = ward.patient(EMERGENCY)
    expect(nurse.page.locator(f"#row-{quiet}")).to_be_attached()
    expect(other.page.locator(f"#row-{quiet}")).to_be_attached()
    assert len(nurse.page.evaluate("notices") + other.page.evaluate("notices")) == 1


def test_c19_what_comes_after_it_was_seen_and_into_a_chat_of_ones_own_is_told_too(ward: Ward) -> None:
    nurse = ward.nurse("Again Agi")
    nurse.page.context.add_init_script(NOTICES)
    nurse.inbox()
    told = lambda count: until(lambda: nurse.page.evaluate("notices.length") == count, f"notice {count}")  # noqa: E731
    conversation = ward.patient("there is pus coming out of a spot")
    told(1)
    ward.house.services.desk.acknowledge(nurse.staff, ward.case(conversation).id)
    nurse.page.wait_for_timeout(4500)  # the lock that keeps other tabs quiet
    ward.writes(conversation, "I have a fever of 38.9 and chills")
    told(2)
    ward.house.services.desk.take_over(nurse.staff, conversation)
    nurse.page.wait_for_timeout(4500)
    ward.writes(conversation, EMERGENCY)
    told(3)
    assert "a chat that one of you has" in nurse.page.evaluate("notices")[-1]


def test_c22_a_pasted_address_shows_the_same_page(ward: Ward) -> None:
    ward.patient(URGENT, channel="telegram")
    ward.patient(URGENT)
    nurse = ward.nurse("Paste Pia")
    nurse.inbox()
    nurse.page.locator("#filter-urgent a").click()
    nurse.page.wait_for_url("**tier=urgent")
    nurse.live()
    nurse.page.locator("#by-channel").select_option("telegram")
    nurse.page.wait_for_url("**channel=telegram*")
    nurse.live()
    nurse.page.locator("#by-sort").select_option("newest")
    nurse.page.wait_for_url("**sort=newest*")
    address, rows = nurse.page.url, nurse.rows()
    assert rows
    other = ward.nurse("Second Sue")
    other.page.goto(address)
    assert other.rows() == rows
    expect(other.page.locator("#by-channel")).to_have_value("telegram")
    expect(other.page.locator("#by-sort")).to_have_value("newest")
    expect(other.page.locator("#filter-urgent a")).to_have_attribute("aria-current", "true")


def test_c23_addresses_hold_no_names_and_no_words(ward: Ward) -> None:
    conversation = ward.patient("there is pus and zanzibar fluid on my scalp")
    ward.enrol(conversation, "Quirin", 30)
    nurse = ward.nurse("Address Ada")
    asked: list[str] = []
    nurse.page.on("request", lambda request: asked.append(request.url))
    nurse.inbox("?tier=urgent&reason=red_flag")
    page = nurse.opens(conversation)
    page.keyboard.press("t")
    expect(page.locator("#act-hand-back")).to_be_visible()
    page.locator("#reply-text").fill("Dear Quirin, zanzibar is fine")
    until(lambda: any("/draft" in one for one in asked), "the draft is kept")
    page.goto(f"/console/conversations/{conversation}/print")
    known = re.compile(r"/console(/[\w.-]+)*(\?[\w=&-]*)?$")
    for one in asked:
        address = one.removeprefix(ward.url)
        assert known.match(address), address
        assert not re.search("quirin|zanzibar", address, re.IGNORECASE)


def test_c24_back_restores_filters_scroll_and_the_focused_row(ward: Ward) -> None:
    for _ in range(16):
        ward.patient(URGENT)
    nurse = ward.nurse("Back Bea")
    page = nurse.inbox("?tier=urgent")
    row = nurse.rows()[-3]
    page.locator(f"#row-{row} a").scroll_into_view_if_needed()
    scrolled = page.evaluate("document.getElementById('main').scrollTop")
    assert scrolled
    page.locator(f"#row-{row} a").click()
    expect(page.locator("#banner")).to_be_visible()
    page.go_back()
    expect(page.locator(f"#row-{row} a")).to_be_focused()
    assert page.url.endswith("?tier=urgent")
    assert page.evaluate("document.getElementById('main').scrollTop") == scrolled


def test_closed_cases_of_one_patient_stay_in_the_list_while_it_is_live(ward: Ward) -> None:
    chief = ward.staff("Chief Close", Role.ADMIN)
    conversation = ward.patient(URGENT)
    ward.house.services.desk.close(chief, ward.case(conversation).id, Outcome.ADVICE_GIVEN)
    ward.writes(conversation, "there is pus again")
    ward.house.services.desk.close(chief, ward.case(conversation).id, Outcome.ADVICE_GIVEN)
    page = ward.nurse("Closed Cleo").inbox("?tab=closed")
    here = page.locator(f"#rows a[href='/console/conversations/{conversation}']")
    expect(here).to_have_count(2)
    before = page.locator("#rows > li").count()
    other = ward.patient(URGENT)
    ward.house.services.desk.close(chief, ward.case(other).id, Outcome.ADVICE_GIVEN)
    expect(page.locator(f"#rows a[href='/console/conversations/{other}']")).to_be_visible()
    expect(page.locator("#rows > li")).to_have_count(before + 1)
    expect(here).to_have_count(2)


def test_c25_after_signing_out_nothing_remains(ward: Ward) -> None:
    conversation = ward.patient("there is pus, and my word is kangaroo")
    nurse = ward.nurse("Leaving Lea")
    page = nurse.opens(conversation)
    expect(page.locator("#transcript")).to_contain_text("kangaroo")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage, history.state])")
    assert conversation not in stored
    assert "kangaroo" not in stored
    page.go_back()
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_text("kangaroo")).to_have_count(0)


def test_c27_what_is_not_live_says_so_and_catches_up_unaided(ward: Ward) -> None:
    nurse = ward.nurse("Offline Otto")
    conversation = ward.patient(URGENT)
    inbox, case = nurse.inbox(), ward.tab(nurse)
    case.opens(conversation)
    nurse.page.context.set_offline(True)
    for page in (inbox, case.page):
        expect(page.locator("#stale")).to_contain_text("Not live")
    ward.writes(conversation, "are you there?")
    new = ward.patient(URGENT)
    nurse.page.context.set_offline(False)
    expect(case.page.locator("#transcript")).to_contain_text("are you there?")
    expect(inbox.locator(f"#row-{new}")).to_be_attached()
    for page in (inbox, case.page):
        expect(page.locator("#stale")).to_be_hidden()


def states(page: Page) -> None:
    """Keep every state that the page shows of its connection, from now on."""
    page.evaluate(
        """window.states = [];
        const live = document.getElementById("live");
        new MutationObserver(() => { if (states.at(-1) !== live.dataset.state) states.push(live.dataset.state); })
          .observe(live, { attributes: true });"""
    )


def test_c27_a_silent_connection_is_noticed_within_ten_seconds(ward: Ward) -> None:
    nurse = ward.nurse("Silent Sid")
    page = nurse.page
    page.route("**/console/events*", lambda _route: None)  # it is neither refused nor answered
    page.clock.install()
    page.goto("/console")
    page.clock.run_for(1000)
    expect(page.locator("#live")).to_have_attribute("data-state", "off")
    page.clock.run_for(9000)  # ten seconds by the page's own clock
    expect(page.locator("#live")).to_have_attribute("data-state", "stale")
    expect(page.locator("#stale")).to_contain_text("Not live")
    page.unroute("**/console/events*")
    until(lambda: page.clock.run_for(1000) or page.locator("#live[data-state=on]").count(), "it tries again")


def test_c27_a_page_that_has_slept_says_so_and_catches_up(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Sleeping Sam")
    page = nurse.page
    page.clock.install()
    nurse.opens(conversation)
    states(page)
    with page.expect_request("**/console/events*"):  # the stream is opened anew, whether or not it looks open
        page.clock.fast_forward("08:00:00")  # the lid is closed and opened
    until(lambda: page.wait_for_timeout(50) or page.evaluate("states.at(-1)") == "on", "live again")
    assert page.evaluate("states") == ["stale", "on"]
    newest = ward.writes(conversation, "are you there?")
    until(lambda: page.clock.run_for(100) or page.locator(f"#m{newest}").count(), "what was written meanwhile")


def test_c27_a_frozen_tab_leaves_the_stream_to_another(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Frozen Fred")
    nurse.inbox()
    other = ward.tab(nurse)
    page = other.opens(conversation)
    listens = nurse.page.context.new_cdp_session(nurse.page)
    listens.send("Page.setWebLifecycleState", {"state": "frozen"})
    newest = ward.writes(conversation, "can you hear me?")
    expect(page.locator(f"#m{newest}")).to_be_attached()
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    listens.send("Page.setWebLifecycleState", {"state": "active"})
    fresh = ward.patient(EMERGENCY)
    expect(nurse.page.locator(f"#row-{fresh}")).to_be_attached()


def test_c28_hours_of_changes_leave_nothing_behind(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Patient Pat")
    page = nurse.inbox()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def measured(pushes: int) -> dict[str, float]:
        for number in range(pushes):
            with page.expect_response(lambda answer: answer.url.endswith("/console")):
                ward.writes(conversation, f"and again {number}")
        for _ in range(3):  # what one pass lets go of, the next collects
            session.send("HeapProfiler.collectGarbage")
            page.wait_for_timeout(200)
        metrics = session.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics}

    first, last = measured(3), measured(7)
    assert last["JSEventListeners"] <= first["JSEventListeners"] + 5
    assert last["Nodes"] <= first["Nodes"] * 1.1 + 50


def test_c28_thousands_of_pushes_keep_the_heap_bounded(ward: Ward) -> None:
    """A shift's worth of news, told to the page through the channel by which a browser's tabs tell each other."""
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Long Lou")
    page = nurse.opens(conversation)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def measured(pushes: int) -> dict[str, float]:
        page.evaluate(PUSHED, [conversation, pushes])
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
            page.wait_for_timeout(200)
        metrics = session.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics}

    first, last = measured(500), measured(5000)
    assert last["JSEventListeners"] <= first["JSEventListeners"] + 5
    assert last["Nodes"] <= first["Nodes"] * 1.1 + 50
    assert last["JSHeapUsedSize"] <= first["JSHeapUsedSize"] * 1.2 + 500_000


def test_c38_instants_are_utc_the_zone_is_named_and_waits_survive_the_clock_change(ward: Ward) -> None:
    since = datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )  # half past one in London, an hour before it is half past one again
    times = Times(ward.house.services.clinic, since + timedelta(hours=2))
    assert times.waited(since) == "2 h"
    assert times.due(since) == "overdue by 2 h"
    conversation = ward.patient(URGENT)
    with ward.house.store.read() as session:
        assert session.query(Message.created_at).filter_by(conversation_id=conversation).first()[0].tzinfo is UTC
    page = ward.nurse("Zone Zoe").opens(conversation)
    expect(page.locator("#banner")).to_contain_text("Times in Europe/London (GMT)")
    assert page.locator("#lines time").first.get_attribute("title").endswith("GMT")


def test_c39_axe_finds_nothing_and_timers_are_not_announced(ward: Ward) -> None:
    ward.patient(URGENT)
    for scheme in ("light", "dark"):
        nurse = ward.nurse(f"Axe {scheme.capitalize()}", color_scheme=scheme)
        for query in ("", "?tab=all") if scheme == "light" else ("?tier=emergency&sort=due",):
            assert not violations(nurse.inbox(query))
        nurse.page.keyboard.press("?")
        assert not violations(nurse.page)
        nurse.page.goto("/console/shift")
        assert not violations(nurse.page)
    page = nurse.inbox()
    assert page.locator("[aria-live] .due, [role=status] .due, [role=alert] .due, [role=log] .due").count() == 0


def test_c39_counts_are_announced_politely_and_not_for_every_change(ward: Ward) -> None:
    nurse = ward.nurse("Heard Hal")
    page = nurse.page
    page.clock.install()
    nurse.inbox()
    page.evaluate(
        """window.announced = [];
        const said = document.getElementById("said");
        new MutationObserver(() => announced.push(said.textContent)).observe(said, { childList: true });"""
    )
    assert page.locator("#said").get_attribute("role") == "status"
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))

    def arrive(number: int) -> str:
        new = [ward.patient(URGENT) for _ in range(number)]
        until(lambda: page.clock.run_for(100) or page.locator(f"#row-{new[-1]}").count(), "in the list")
        facts = page.locator("#facts").evaluate("one => [one.dataset.open, one.dataset.alarms]")
        return f"Inbox: {facts[0]} open cases, {facts[1]} urgent and new."

    arrive(3)
    words = arrive(1)
    until(lambda: page.clock.run_for(500) or page.evaluate("announced.length"), "said")
    assert page.evaluate("announced") == [words]
    words = arrive(2)
    until(lambda: page.clock.run_for(1000) or page.evaluate("announced.length") > 1, "said again")
    assert page.evaluate("announced").pop() == words
