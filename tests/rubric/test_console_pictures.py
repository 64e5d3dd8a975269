"""The console's pictures, light and dark: AFTERCARE_PICTURES=1 pytest tests/rubric/test_console_pictures.py"""

import os
import struct
import zlib
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from bot.conversation.desk_rules import TakeoverReason
from bot.conversation.enrolment import Identity
from bot.settings import ROOT
from bot.store.tables import Outcome
from tests.rubric.ward import Nurse, Ward

PICTURES = ROOT / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

ANSWERS = {
    "hi, i'm diabetic and on warfarin, is that a problem?": (
        "Thank you for telling me. Diabetes and blood thinners matter after needling: your clinic should know of both. "
        "Watch for redness that spreads, heat, pus or fever, and tell me at once if you notice one of them."
    ),
    "it oozes green and i feel hot, 38.6 just now. i took ibuprofen": (
        "This needs a clinician today. I have told the team of Juniper Hair Clinic: they will contact you by 16:27. "
        "If you get worse, call 020 7946 0857. Trouble breathing or a swollen face: call 999 now."
    ),
    "this is how it looks": "Thank you for the picture. I can't judge photos: staff will look at it.",
}

pytestmark = pytest.mark.skipif(
    os.environ.get("AFTERCARE_PICTURES") != "1", reason="docs/screenshots is rewritten only with AFTERCARE_PICTURES=1"
)


def png(red: int, green: int, blue: int, size: int = 240) -> bytes:
    """A photo of nothing: a shaded square."""
    rows = b"".join(
        b"\0" + b"".join(bytes((min(255, red + x // 4), green, min(255, blue + y // 5))) for x in range(size))
        for y in range(size)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def story(ward: Ward) -> str:
    """A morning at the clinic. Out: the conversation that is looked at."""
    for text, answer in ANSWERS.items():
        ward.says(text, answer)
    desk, work = ward.house.services.desk, ward.house.services.case_work
    ana, ben = ward.staff("Ana Silva"), ward.staff("Ben Ito", title="Dr")
    old = ward.patient("the redness is spreading and hot", channel="telegram")
    ward.session(old, 100)
    desk.close(ben, ward.case(old).id, Outcome.SEEN)
    ward.pass_time(hours=1)
    asks = ward.patient(*("hello", "can i talk to a nurse please"), channel="telegram")
    ward.session(asks, 340)
    ward.pass_time(minutes=50)
    left = ward.patient("i have a fever of 38.7 and the shivers")
    ward.session(left, 118)
    desk.take_over(ben, left)
    ward.pass_time(minutes=31)
    ward.house.services.takeovers.give_back()
    bens = ward.patient("there is pus on the needled spots and it smells", channel="telegram")
    ward.enrol(bens, "Tom", 70)
    desk.take_over(ben, bens)
    desk.reply(ben, bens, "Hello Tom, can you send me a photo?", key="k", last_seen=ward.newest(bens).id)
    later = ward.patient("i have a hard lump where the needle went and pus")
    desk.take_over(ana, later)
    desk.reply(ana, later, "Keep it clean, I will look again.", key="k", last_seen=ward.newest(later).id)
    work.snooze(ana, ward.case(later).id, ward.house.clock.now().replace(hour=16))
    main = ward.patient("hi, i'm diabetic and on warfarin, is that a problem?")
    ward.enrol(main, "Mia", 52, Identity("MH-4711", date(1986, 4, 3)))
    ward.pass_time(minutes=6)
    ward.writes(main, "it oozes green and i feel hot, 38.6 just now. i took ibuprofen")
    ward.writes(main, "this is how it looks", png(170, 70, 60))
    ward.pass_time(minutes=9)
    work.add_note(ben, main, "Had a mild infection after the session in May as well: see the paper file.", key="n")
    ward.pass_time(minutes=3)
    ward.patient("my throat is closing and i can't breathe")
    return main


def take(nurse: Nurse, name: str) -> None:
    """One picture of the window."""
    page = nurse.page
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / f"console-{name}.png", caret="hide", animations="disabled")


def press(page: Page, name: str) -> None:
    page.locator("#banner").get_by_role("button", name=name, exact=True).click()


def choose(page: Page, name: str) -> None:
    page.locator("#more summary").click()
    page.locator("#more").get_by_role("button", name=name).click()


@pytest.mark.parametrize(
    ("viewport", "scheme", "mark"),
    [(DESKTOP, "light", ""), (PHONE, "light", "-phone"), (DESKTOP, "dark", "-dark"), (PHONE, "dark", "-phone-dark")],
    ids=["desktop", "phone", "desktop-dark", "phone-dark"],
)
def test_pictures(ward: Ward, request: pytest.FixtureRequest, viewport: dict[str, int], scheme: str, mark: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    story = getattr(request.module, "_story", None) or request.getfixturevalue("story")
    request.module._story = story
    nurse = ward.nurse("Ana Silva", viewport=viewport, color_scheme=scheme)
    page = nurse.page
    for tab in ("", "unassigned", "mine", "snoozed", "closed", "all"):
        nurse.inbox(f"?tab={tab}" if tab else "")
        page.mouse.move(1, 1)
        take(nurse, f"inbox{'-' + tab if tab else ''}{mark}")
    nurse.inbox("?tier=emergency&channel=telegram&sort=due")
    take(nurse, f"inbox-filtered{mark}")
    nurse.opens(story)
    take(nurse, f"case{mark}")
    if viewport is PHONE:
        for pane in ("Patient", "Why", "Plan"):
            page.get_by_role("button", name=pane, exact=True).click()
            take(nurse, f"case-{pane.lower()}{mark}")
        page.get_by_role("button", name="Chat", exact=True).click()
    if page.locator("#act-take-over").count():
        press(page, "Take over")
    elif page.locator("#act-take-from").count():
        ward.house.services.desk.take_over(nurse.staff, story, TakeoverReason.ASKED)
    expect(page.locator("#act-hand-back")).to_be_visible()
    take(nurse, f"case-mine{mark}")
    page.locator("#reply-text").fill("/wa")
    page.locator("#reply-text").press("End")
    expect(page.locator("#canned li").first).to_be_visible()
    take(nurse, f"canned{mark}")
    page.locator("#reply-text").press("Enter")
    page.locator("#reply-text").fill("")
    page.locator("#file").set_input_files({"name": "crown.png", "mimeType": "image/png", "buffer": png(170, 70, 60)})
    expect(page.locator("#added li")).to_contain_text("kB")
    page.locator("#reply-text").fill("This is how it may look on day 2.")
    take(nurse, f"files{mark}")
    page.get_by_role("button", name="Remove crown.png").click()
    page.locator("#reply-text").fill("")
    page.get_by_role("button", name="Private note").click()
    page.locator("#note-text").fill("Photo shows a spreading margin. Dr Ito to look before 14:00.")
    take(nurse, f"note{mark}")
    page.locator("#note-text").fill("")
    page.get_by_role("button", name="Reply", exact=True).click()
    page.locator("#more summary").click()
    take(nurse, f"menu{mark}")
    page.locator("#more summary").click()
    for name in ("Assign", "Change tier", "Snooze"):
        choose(page, name)
        take(nurse, f"{name.lower().replace(' ', '-')}{mark}")
        page.keyboard.press("Escape")
    press(page, "Hand back")
    take(nurse, f"hand-back{mark}")
    page.keyboard.press("Escape")
    press(page, "Close case")
    take(nurse, f"close{mark}")
    page.keyboard.press("Escape")
    page.goto("/console/shift")
    take(nurse, f"shift{mark}")
    page.goto(f"/console/conversations/{story}/print?notes=true")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"console-print{mark}.png", full_page=True)
