"""The rubric's statements on the case page, each checked in Chromium against a served bot."""

import re
import threading
from datetime import date, timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from bot.conversation.enrolment import Identity
from bot.privacy.erasing import erase
from bot.store.tables import Audit, Author, CaseState, Draft, Owner, Role
from tests.rubric.ward import EMERGENCY, PASSWORD, URGENT, Nurse, Ward, until

WRITTEN = "Please keep it dry and send us a photo."


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def at_once(nurse: Nurse) -> None:
    """Send without the five seconds in which it can be undone."""
    nurse.page.evaluate("localStorage.setItem('aftercare.undo', 'off')")


def take_over(nurse: Nurse) -> None:
    nurse.page.locator("#act-take-over button").click()
    expect(nurse.page.locator("#act-hand-back")).to_be_visible()


def in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    assert box
    assert page.viewport_size
    return box["height"] > 0 and box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def draft_of(ward: Ward, nurse: Nurse, conversation: str, kind: str = "reply") -> str:
    with ward.house.store.read() as session:
        row = session.get(Draft, (nurse.staff.id, conversation, kind))
        return row.text if row else ""


def test_c05_the_words_that_count_are_marked_with_rule_and_source(ward: Ward) -> None:
    conversation = ward.patient("hello there", "since last night green pus is coming out of my scalp")
    until(lambda: ward.newest(conversation).verdict, "the message is read")
    message = ward.newest(conversation)
    spans = {message.text[one["start"] : one["end"]] for one in message.verdict["signs"]}
    page = ward.nurse("Mark Mia").opens(conversation)
    marks = page.locator(f"#m{message.id} mark")
    expect(marks.first).to_be_visible()
    assert set(marks.all_inner_texts()) == spans
    assert marks.first.get_attribute("title")
    expect(page.locator("#why")).to_contain_text("Found by the red-flag catalogue")
    expect(page.locator("#why")).to_contain_text("Source:")
    expect(page.locator("#lines .from-bot").last).to_contain_text("Thank you, I pass that on.")


def test_c06_banner_and_card_stay_beside_the_composer(ward: Ward) -> None:
    texts = [f"and {number}: there is pus" for number in range(25)]
    conversation = ward.patient("i am diabetic and take warfarin", *texts, channel="telegram")
    ward.enrol(conversation, "Mia", 50, Identity("MH-4711", date(1986, 4, 3)))
    page = ward.nurse("Banner Bo").opens(conversation)
    for where in ("0", "one.scrollHeight"):
        page.locator("#transcript").evaluate(f"one => one.scrollTop = {where}")
        for part in ("#banner", "#card .card", "#reply-text"):
            assert in_view(page, part), part
    for words in ("Mia", "No. MH-4711", "born 3 Apr 1986 (40)", "Day 2", "Telegram"):
        expect(page.locator("#banner")).to_contain_text(words)
    expect(page.locator("#card")).to_contain_text("No. MH-4711, born 3 Apr 1986 (40)")
    expect(page.locator("#card")).to_contain_text("Diabetes “diabetic”")
    expect(page.locator("#card")).to_contain_text("Blood thinner “warfarin”")
    first = ward.house.messages(conversation, Author.PATIENT)[0].id
    page.locator("#card .fact a").first.click()
    expect(page.locator(f"#m{first}")).to_be_in_viewport()
    page.locator("#card").get_by_role("link", name="Change").click()
    page.get_by_text("Change the patient's number").click()
    page.get_by_label("Patient number").fill("MH-4712")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Patient number")).to_have_value("MH-4712")
    page.goto(f"/console/conversations/{conversation}/print")
    expect(page.locator(".record")).to_contain_text("Mia, No. MH-4712, born 3 Apr 1986 (40)")


def test_c07_another_who_writes_is_seen_in_the_thread(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    ana, ben = ward.nurse("Thread Ana"), ward.nurse("Thread Ben")
    page = ana.opens(conversation)
    ben.opens(conversation).locator("#reply-text").press_sequentially("Hel")
    expect(page.locator("#banner")).to_contain_text("Thread Ben is writing")
    expect(page.locator("#composer-state")).to_contain_text("Thread Ben is writing here too")
    ward.pass_time(seconds=60)
    expect(page.locator("#banner")).not_to_contain_text("Thread Ben")


def test_c08_a_reply_to_an_outdated_thread_stops_shows_what_changed_and_keeps_the_text(ward: Ward) -> None:
    conversation = ward.patient(*[f"line {number}, there is pus" for number in range(20)])
    nurse = ward.nurse("Late Lena")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    page.locator("#reply-text").fill(WRITTEN)
    page.locator("#transcript").evaluate("one => one.scrollTop = 0")
    newer = ward.writes(conversation, "wait, it is much worse now")
    expect(page.locator(f"#m{newer}")).to_be_attached()
    page.locator("#send").click()
    expect(page.locator("#composer-error")).to_contain_text("has written since you opened this")
    expect(page.locator(f"#m{newer}.changed")).to_be_in_viewport()
    expect(page.locator("#reply-text")).to_have_value(WRITTEN)
    assert ward.heard(conversation) == []
    page.locator("#send").click()
    until(lambda: ward.heard(conversation) == [WRITTEN], "read, then sent")


def test_c09_one_claim_of_many_wins_and_the_losers_hear_whose_it_is(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    clients = []
    for name in ("Claim One", "Claim Two", "Claim Three", "Claim Four"):
        staff = ward.staff(name)
        client = httpx.Client(base_url=ward.url, trust_env=False, timeout=30)
        client.post("/console/sign-in", data={"email": staff.email, "password": PASSWORD})
        token = re.search('name="csrf" content="([^"]+)"', client.get("/console").text)
        client.headers.update({"X-CSRF-Token": token[1], "HX-Request": "true"})
        clients.append(client)
    answers: list[httpx.Response] = []
    address = f"/console/conversations/{conversation}/take-over"
    threads = [
        threading.Thread(target=lambda one=client: answers.append(one.post(address, data={"x": ""})))
        for client in clients * 5
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owner = ward.house.conversation(conversation).owner_staff_id
    name = next(one.name for one in ward.made.values() if one.id == owner)
    lost = [answer for answer in answers if answer.status_code == 409]
    assert len(lost) == 15  # the winner's own five asks all say that it is theirs
    assert {answer.json()["error"] for answer in lost} == {f"{name} has this conversation."}


def test_c10_taking_from_a_colleague_needs_a_reason_and_is_audited(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    ward.house.services.desk.take_over(ward.staff("Ben Owner"), conversation)
    nurse = ward.nurse("Taking Tara")
    page = nurse.opens(conversation)
    address = f"/console/conversations/{conversation}"
    with nurse.http() as http:
        assert http.post(f"{address}/take-over", data={"x": ""}).status_code == 409
        assert http.post(f"{address}/take-over", data={"from_colleague": "yes", "reason": "whim"}).status_code == 422
        form = {"key": "k", "last_seen": ward.newest(conversation).id, "text": "hi"}
        assert http.post(f"{address}/reply", data=form).status_code == 409
    page.locator("#act-take-from").click()
    page.get_by_label("They are off shift").check()
    page.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(page.locator("#act-hand-back")).to_be_visible()
    expect(page.locator("#audit")).to_contain_text("took over from a colleague (from Ben Owner, they are off shift)")
    with nurse.http() as http:
        for verb, form in (("hand-back", {"x": ""}), ("assign", {"case_id": ward.case(conversation).id})):
            assert http.post(f"{address}/{verb}", data=form).status_code == 422
    page.keyboard.press("h")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Hand back to the assistant")
    dialog.get_by_label("It waits for the patient").check()
    dialog.get_by_label("Note for colleagues").fill("rang twice")
    dialog.get_by_role("button", name="Hand back").click()
    expect(page.locator("#act-take-over")).to_be_visible()
    expect(page.locator("#audit")).to_contain_text("it waits for the patient")
    expect(page.locator("#lines .note")).to_contain_text("rang twice")
    page.keyboard.press("i")
    page.get_by_label("To", exact=True).select_option("Ben Owner")
    dialog.get_by_label("They know the patient").check()
    dialog.get_by_role("button", name="Assign").click()
    expect(page.locator("#audit")).to_contain_text("to Ben Owner, ")
    expect(page.locator("#audit")).to_contain_text("they know the patient")
    with ward.house.store.read() as session:
        rows = session.query(Audit).filter_by(conversation_id=conversation, actor=f"staff:{nurse.staff.id}").all()
    assert [(row.action, row.detail.get("reason")) for row in rows if row.action != "viewed"] == [
        ("took_from_colleague", "off_shift"),
        ("handed_back", "waits_for_patient"),
        ("noted", None),
        ("assigned", "knows_the_patient"),
    ]
    assert "rang twice" not in str([row.detail for row in rows])


def test_c11_double_click_resubmit_and_retry_send_once(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Twice Tess")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    held: list[Route] = []
    page.route("**/reply", lambda route: held.append(route))
    page.locator("#reply-text").fill(WRITTEN)
    page.locator("#send").dblclick()
    page.keyboard.press("Control+Enter")
    until(lambda: page.wait_for_timeout(20) or held, "it is on its way")
    assert len(held) == 1
    form = dict(one.split("=", 1) for one in held[0].request.post_data.split("&"))
    held[0].fetch()  # it arrives, and its answer is lost
    held[0].abort()
    expect(page.locator("#composer-error")).to_contain_text("not certain whether this was sent")
    page.unroute("**/reply")
    page.locator("#send").click()
    expect(page.locator("#reply-text")).to_have_value("")
    assert ward.heard(conversation) == [WRITTEN]
    with nurse.http() as http:
        again = {"key": form["key"], "last_seen": form["last_seen"], "text": WRITTEN}
        assert http.post(f"/console/conversations/{conversation}/reply", data=again).status_code == 200
    assert ward.heard(conversation) == [WRITTEN]


def test_c12_a_draft_survives_a_killed_page_and_c13_never_shows_under_another_patient(ward: Ward) -> None:
    first, second = ward.patient(URGENT), ward.patient(URGENT)
    nurse = ward.nurse("Draft Dora")
    page = nurse.opens(first)
    page.locator("#reply-text").fill("half a sentence for the fir")
    until(lambda: draft_of(ward, nurse, first), "the draft is kept")
    page.keyboard.press("n")  # in a field a key is a letter
    fresh = ward.tab(nurse)
    page.close(run_before_unload=False)
    page = fresh.opens(first)
    expect(page.locator("#reply-text")).to_have_value(re.compile("^half a sentence for the fir"))
    page.get_by_role("button", name="Private note").click()
    page.locator("#note-text").fill("a note, half")
    until(lambda: draft_of(ward, nurse, first, "note"), "the note is kept")
    page.route("**/draft", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.get_by_role("button", name="Reply", exact=True).click()
    page.locator("#reply-text").press_sequentially("st")
    page.evaluate(f"location.href = '/console/conversations/{second}'")
    page.wait_for_url(f"**/{second}")
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#note-text")).to_have_value("")
    assert draft_of(ward, nurse, second) == ""
    expect(fresh.inbox().locator(f"#row-{first}")).to_contain_text("Your draft")


def test_c14_the_end_of_a_session_is_warned_of_and_mended_in_place_by_the_same_person(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Expired Eve")
    page = nurse.opens(conversation)
    at_once(nurse)
    take_over(nurse)
    left = "1000 * document.querySelector('meta[name=session-left]').content"
    page.evaluate(f"{{ const real = Date.now, by = {left} - 60000; Date.now = () => real() + by; }}")
    page.route(
        "**/console/session", lambda asked: asked.fulfill(json={**asked.fetch().json(), "left": 60})
    )  # nothing was done elsewhere
    expect(page.locator("#alerts")).to_contain_text("Your session ends in ")
    page.unroute("**/console/session")
    page.locator("#reply-text").fill(WRITTEN)
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_contain_text("What you were writing is still here")
    with httpx.Client(base_url=ward.url, trust_env=False) as http:
        form = {"staff_id": nurse.staff.id, "email": ward.staff("Somebody Else").email, "password": PASSWORD}
        assert http.post("/console/sign-in", data=form, headers={"HX-Request": "true"}).status_code == 422
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and go on").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#reply-text")).to_have_value(WRITTEN)
    page.locator("#send").click()
    until(lambda: ward.heard(conversation) == [WRITTEN], "sent after signing in again")


def test_c15_an_expired_fragment_says_so_with_a_status(ward: Ward) -> None:
    address = f"{ward.url}/console/conversations/{ward.patient(URGENT)}"
    for method, path in (("GET", ""), ("POST", "/reply"), ("POST", "/note"), ("GET", "/replies")):
        answer = httpx.request(method, address + path, headers={"HX-Request": "true"}, trust_env=False)
        assert answer.status_code == 401
        assert answer.headers["HX-Redirect"].startswith("/console/sign-in")
        assert "<html" not in answer.text


def test_c16_canned_replies_are_searched_filled_in_and_stopped_while_something_is_missing(ward: Ward) -> None:
    known, unknown = ward.patient(URGENT), ward.patient(URGENT)
    ward.session(known, 2)
    nurse = ward.nurse("Canned Cara")
    page = nurse.opens(known)
    at_once(nurse)
    take_over(nurse)
    page.locator("#reply-text").press_sequentially("/")
    everything = page.locator("#canned [role=option]")
    expect(everything.first).to_be_visible()
    assert everything.count() >= 5
    page.locator("#reply-text").press_sequentially("wash")
    expect(everything).to_have_count(1)
    tomorrow = f"{ward.house.clock.now() + timedelta(hours=22):%H:%M} tomorrow"
    expect(page.locator("#canned-preview")).to_contain_text(tomorrow)
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_have_value(re.compile(f"from {tomorrow}"))
    nurse.opens(unknown)
    take_over(nurse)
    page.locator("#reply-text").press_sequentially("/wash")
    expect(page.locator("#canned-preview .why-not")).to_contain_text("record it, or write it in yourself")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-error")).to_contain_text("{wash_from}: the care plan needs to know")
    assert ward.heard(unknown) == []


def test_c17_from_the_inbox_to_closed_without_a_mouse_and_c18_keys_are_inert_in_fields(ward: Ward) -> None:
    conversation = ward.patient(EMERGENCY)
    nurse = ward.nurse("Keyboard Kim")
    page = nurse.inbox("?sort=newest")
    at_once(nurse)
    keys = page.keyboard
    visible = "document.activeElement.matches(':focus-visible')"
    keys.press("j")
    assert page.evaluate(visible)
    keys.press("Enter")
    page.wait_for_url(f"**/{conversation}")
    nurse.live()
    keys.press("t")
    expect(page.locator("#act-hand-back")).to_be_visible()
    keys.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    keys.type("trc? are on their way")
    expect(page.locator("#reply-text")).to_have_value("trc? are on their way")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keys.press("Control+Enter")
    until(lambda: ward.heard(conversation) == ["trc? are on their way"], "sent")
    keys.press("Escape")
    keys.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    keys.type("Ambulance called.")
    keys.press("Control+Enter")
    expect(page.locator("#lines .note")).to_contain_text("Ambulance called.")
    keys.press("Escape")
    keys.press("c")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(visible)
    keys.press("Space")
    keys.press("Enter")
    until(lambda: ward.state(conversation) is CaseState.CLOSED, "closed")
    expect(page.get_by_role("dialog")).to_be_hidden()
    keys.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("take over")
    page.locator("#keys-on").uncheck()
    keys.press("Escape")
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_c26_changes_leave_caret_selection_scroll_and_menus_alone(ward: Ward) -> None:
    conversation = ward.patient(*[f"line {number}, there is pus" for number in range(20)])
    nurse = ward.nurse("Steady Stella")
    page = nurse.opens(conversation)
    page.locator("#reply-text").fill("one two three")
    page.locator("#reply-text").evaluate("one => one.setSelectionRange(4, 7)")
    page.locator("#more summary").evaluate("one => { one.parentElement.open = true; }")
    page.locator("#transcript").evaluate("one => one.scrollTop = 40")
    for number in range(4):
        newest = ward.writes(conversation, f"and {number}")
        expect(page.locator(f"#m{newest}")).to_be_attached()
    chosen = page.locator("#reply-text").evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert chosen == "two"
    expect(page.locator("#reply-text")).to_be_focused()
    assert page.locator("#more").evaluate("one => one.open")
    assert page.locator("#transcript").evaluate("one => one.scrollTop") == 40
    expect(page.locator("#newer")).to_contain_text("new message")
    page.locator(f"#m{ward.house.messages(conversation)[0].id} .text").evaluate(
        "one => getSelection().selectAllChildren(one)"
    )
    newest = ward.writes(conversation, "and one more")
    expect(page.locator(f"#m{newest}")).to_be_attached()
    assert page.evaluate("getSelection().toString()") == "line 0, there is pus"


def test_c34_the_record_on_paper_has_banner_times_and_the_full_thread(ward: Ward) -> None:
    conversation = ward.patient("hello", URGENT)
    ward.enrol(conversation, "Mia", 50)
    nurse = ward.nurse("Paper Paula")
    ward.house.services.case_work.add_note(nurse.staff, conversation, "a secret among us", key="p")
    nurse.opens(conversation)
    page = nurse.page
    page.goto(f"/console/conversations/{conversation}/print")
    page.emulate_media(media="print")
    paper = page.locator("body").inner_text()
    for words in ("Mia", "Day 2", URGENT, "Europe/London (GMT)", "by Paper Paula", "2026", "GMT"):
        assert words in paper
    assert "a secret among us" not in paper
    assert page.locator(".tools, .rail, .writing").locator("visible=true").count() == 0
    assert page.pdf()[:4] == b"%PDF"
    page.goto(f"/console/conversations/{conversation}/print?notes=true")
    assert "a secret among us" in page.locator("body").inner_text()
    with ward.house.store.read() as session:
        exports = session.query(Audit).filter_by(conversation_id=conversation, action="exported").all()
    assert [row.detail for row in exports] == [{"notes": 0}, {"notes": 1}]


def test_c35_at_360_px_claim_read_and_reply_without_sideways_scroll(ward: Ward) -> None:
    conversation = ward.patient("i am diabetic", URGENT)
    ward.enrol(conversation, "Maximiliane-Charlotte", 50)
    nurse = ward.nurse("Small Sam", viewport={"width": 360, "height": 740}, has_touch=True)
    page = nurse.inbox()
    wide = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
    assert not page.evaluate(wide)
    page.locator(f"#row-{conversation} a").click()
    nurse.live()
    at_once(nurse)
    take_over(nurse)
    assert not page.evaluate(wide)
    page.locator("#reply-text").fill(WRITTEN)
    page.locator("#send").click()
    until(lambda: ward.heard(conversation) == [WRITTEN], "sent")
    for pane in ("Patient", "Why", "Plan", "Log"):
        page.get_by_role("button", name=pane, exact=True).click()
        assert not page.evaluate(wide)
    page.locator("#act-close").click()
    assert in_view(page, "#close-dialog")
    assert not page.evaluate(wide)


def test_c37_what_is_refused_is_focused_and_a_failure_blanks_nothing(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Error Erin")
    page = nurse.opens(conversation)
    page.route("**/acknowledge", lambda route: route.fulfill(status=500, body="broken"))
    page.locator("#act-acknowledge button").click()
    expect(page.locator("#case-error")).to_be_focused()
    expect(page.locator("#case-error a")).to_contain_text("That failed on our side")
    assert page.title().startswith("Error:")
    page.route(f"**/{conversation}", lambda route: route.fulfill(status=500, body=""))
    with page.expect_response(lambda answer: answer.status == 500):
        newest = ward.writes(conversation, "and now?")
    expect(page.locator("#transcript")).to_contain_text(URGENT)
    page.unroute(f"**/{conversation}")
    ward.writes(conversation, "still there?")
    expect(page.locator(f"#m{newest}")).to_be_attached()
    page.evaluate("document.querySelector('#close-dialog form').submit()")  # as a browser without scripts would
    expect(page.locator("#case-error")).to_be_focused()
    expect(page.locator("#case-error a")).to_have_attribute("href", "#close-dialog")
    assert "Error:" in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_c39_axe_finds_nothing_on_a_case(ward: Ward, scheme: str) -> None:
    conversation = ward.patient("i am diabetic", URGENT)
    ward.session(conversation, 20)
    nurse = ward.nurse(f"Axe {scheme}", color_scheme=scheme)
    ward.house.services.case_work.add_note(nurse.staff, conversation, "for us", key=f"axe-{scheme}")
    page = nurse.opens(conversation)
    take_over(nurse)
    page.locator("#reply-text").press_sequentially("/")
    expect(page.locator("#canned [role=option]").first).to_be_visible()
    assert not violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Private note").click()
    page.locator("#more summary").click()
    assert not violations(page)
    page.get_by_role("button", name="Change tier").click()
    assert not violations(page)
    page.goto(f"/console/conversations/{conversation}/print")
    assert not violations(page)


def test_c40_a_reply_can_be_undone_for_five_seconds_and_a_shift_is_summed_up_with_one_click(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse = ward.nurse("Undo Uma")
    page = nurse.opens(conversation)
    take_over(nurse)
    page.locator("#reply-text").fill(WRITTEN)
    page.locator("#send").click()
    page.locator("#undo").click()
    expect(page.locator("#composer-note")).to_contain_text("not sent")
    expect(page.locator("#reply-text")).to_have_value(WRITTEN)
    page.wait_for_timeout(5500)
    assert ward.heard(conversation) == []
    page.locator("#send").click()
    page.keyboard.press("Escape")  # leaves the field, and while a reply waits takes it back
    page.locator("#send").click()
    page.goto("/console")  # who leaves has not undone it
    until(lambda: ward.heard(conversation) == [WRITTEN], "sent on leaving")
    nurse.live()
    page.get_by_role("link", name="Shift summary").click()
    expect(page.locator(".handover").first).to_contain_text("Undo Uma")


def test_an_unanswered_takeover_goes_back_and_everybody_is_told(ward: Ward) -> None:
    conversation = ward.patient(URGENT)
    nurse, other = ward.nurse("Gone Gus"), ward.nurse("Here Hana", Role.ADMIN)
    page = nurse.opens(conversation)
    take_over(nurse)
    expect(page.locator("#banner")).to_contain_text("or it goes back to the queue")
    inbox = other.inbox("?tab=unassigned")
    ward.pass_time(minutes=31)
    expect(inbox.locator(f"#row-{conversation}")).to_contain_text("Gone Gus took over and did not answer")
    assert ward.house.conversation(conversation).owner is Owner.BOT
    assert "nobody from the team has been able to answer" in ward.heard(conversation, Author.SYSTEM)[-1]
    expect(page.locator("#act-take-over")).to_be_visible()


def test_what_was_erased_leaves_the_open_page(ward: Ward) -> None:
    nurse = ward.nurse("Erase Eve")
    conversation = ward.patient("my name is Zed and i want a nurse please")
    page = nurse.opens(conversation)
    expect(page.locator("#lines")).to_contain_text("Zed")
    erase(ward.house.services, conversation, "staff:1")
    expect(page.locator("body")).not_to_contain_text("Zed", timeout=15_000)
