"""The chat in each of its states: what the axe checks look over and the pictures are taken of."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from bot.conversation.enrolment import SessionNote
from bot.triage.tier import Tier
from tests.doubles.rasa import said
from tests.house import URGENT
from tests.rubric.chat import Chat, until
from tests.rubric.conftest import ServedBot
from tests.rubric.photos import drawn, photo
from tests.rubric.talk import Side

CHECK = "Do you have any of these: pus, spreading redness, fever, or pain that gets worse?"
CHOICES = ["Yes, one of these", "Not sure", "None of these"]
WHEN = (
    "You can use minoxidil again from tomorrow at 15:00, 24 hours after your session, if your scalp is calm and closed."
)


def greeting(bot: ServedBot, page: Page) -> Chat:
    chat = Chat(page)
    expect(chat.panel.get_by_text("The clinic is open now")).to_be_visible()
    return chat


def talking(bot: ServedBot, page: Page) -> Chat:
    chat = Chat(page)
    chat.asks("hello", "Hello! What would you like to know?")
    chat.asks("can I put my Rogaine on before bed?", WHEN)
    return chat


def symptom_check(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    chat.asks("it feels a bit odd", CHECK)
    expect(chat.panel.locator(".choices button")).to_have_count(3)
    return chat


def today(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    side = Side.of(bot, chat)
    side.treated(23)
    side.says("Thank you. I count from yesterday, 13:00.")
    chat.panel.locator("summary").click()
    return chat


def case_opened(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    chat.says(URGENT)
    expect(chat.panel.get_by_text("The clinic's team has been asked to look")).to_be_visible()
    return chat


def clinician(bot: ServedBot, page: Page) -> Chat:
    chat = case_opened(bot, page)
    side = Side.of(bot, chat)
    ana = side.joins()
    side.answers(ana, "Hello, I'm Ana. Can you send me a photo of the spot, in good light?")
    chat.says("Yes, one moment")
    until(lambda: "Sent" in chat.states[-1], "sent", page)
    return chat


def clinician_photo(bot: ServedBot, page: Page) -> Chat:
    chat = case_opened(bot, page)
    side = Side.of(bot, chat)
    side.answers(side.joins(), "Part the hair like this, please, and take the photo from above.", drawn())
    expect(chat.panel.locator(".sent canvas")).to_have_attribute("width", "640")
    return chat


def offline(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    page.context.set_offline(True)
    expect(chat.panel.get_by_text("You are offline")).to_be_visible()
    chat.says("and when can I swim?")
    chat.says("with a cap on?")
    return chat


def failed(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    page.route("**/api/v1/messages", lambda route: route.fulfill(status=413, body="{}"))
    chat.says("and when can I swim?")
    expect(chat.panel.locator(".problem")).to_be_visible()
    return chat


def ended(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    page.route("**/api/v1/messages", lambda route: route.fulfill(status=401, body="{}"))
    chat.says("and when can I swim?")
    expect(chat.panel.get_by_text("This chat has ended on this device")).to_be_visible()
    return chat


def upload(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    chat.panel.get_by_role("button", name="Add a photo").click()
    return chat


def uploading(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    held: list[Route] = []
    page.route("**/api/v1/attachments", lambda route: held.append(route))
    files = chat.panel.locator("input[type=file]")
    files.set_input_files({"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    chat.says("Is this normal?")
    files.set_input_files({"name": "from the other side.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    return chat


def menu(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    chat.panel.get_by_role("button", name="More options").click()
    return chat


def end(bot: ServedBot, page: Page) -> Chat:
    chat = menu(bot, page)
    chat.panel.get_by_role("button", name="End chat").click()
    return chat


def deletion(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    chat.menu("Have this chat deleted")
    expect(chat.panel.get_by_role("button", name="Yes, delete it")).to_be_visible()
    return chat


def consent(bot: ServedBot, page: Page) -> Chat:
    house = bot.house
    note = SessionNote("Mia", house.clock.now().replace(hour=9))
    token = house.services.enrolling.create(house.staff(), note).token
    chat = Chat(page, goto=f"/#aftercare={token}", opened=False)
    expect(chat.panel.get_by_role("button", name="I agree")).to_be_visible()
    return chat


def earlier(bot: ServedBot, page: Page) -> Chat:
    chat = talking(bot, page)
    Side.of(bot, chat).says(*(f"Reminder {number}: drink water." for number in range(1, 45)))
    page.reload()
    chat.open()
    expect(chat.log.get_by_text("Reminder 44", exact=False)).to_be_visible()
    expect(chat.log).to_have_attribute("aria-live", "polite")
    chat.log.evaluate("(log) => (log.scrollTop = 300)")
    page.wait_for_timeout(100)
    Side.of(bot, chat).says("One more thing.")
    expect(chat.panel.get_by_role("button", name="1 new message")).to_be_visible()
    return chat


STATES: dict[str, Callable[[ServedBot, Page], Chat]] = {
    one.__name__.replace("_", "-"): one
    for one in (
        greeting, talking, symptom_check, today, case_opened, clinician, clinician_photo, offline, failed, ended,
        upload, uploading, menu, end, deletion, consent, earlier,
    )
}  # fmt: skip


def teach(rasa) -> None:
    """What Rasa's double answers in these states."""
    rasa.answers["hello"] = said("Hello! What would you like to know?")
    rasa.answers["can I put my Rogaine on before bed?"] = said(WHEN)
    buttons = [{"title": title, "payload": "/affirm"} for title in CHOICES]
    rasa.answers["it feels a bit odd"] = said(CHECK, buttons=buttons)
    advice = (
        "That needs a look from a nurse today. I've told the team. Please don't touch the spots, and call "
        "020 7946 0857 if it spreads or you feel worse. In an emergency call 999."
    )
    rasa.answers[URGENT] = said(
        advice, triage={"tier": Tier.URGENT.label, "signs": [], "lowered": []}, intent="report_urgent"
    )
