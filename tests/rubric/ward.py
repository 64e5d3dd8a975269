"""A served bot, staff who sign in to its console in Chromium, and patients who write: for the console's checks."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from bot.app import create_app
from bot.care.treatment import Treatment
from bot.conversation.enrolment import Identity, SessionNote
from bot.conversation.inbound import Upload
from bot.conversation.record import correct, tie
from bot.staff import Profile, add_staff, make_sign_in_link, open_account
from bot.store.tables import Author, Case, CaseState, Conversation, Enrolment, Kind, Message, Role, Staff
from tests.doubles.rasa import RasaDouble, said
from tests.house import ENDLESS, House

PASSWORD = "correct horse battery"
EMERGENCY = "my throat is closing and i can't breathe"
URGENT = "green pus is coming out of my scalp and my temperature is 39.2"
ROUTINE = "can i talk to a nurse please"
_numbers = count(1)


def until(look: Callable[[], Any], what: str) -> Any:
    """Wait until looking gives something true. Out: that."""
    end = time.monotonic() + ENDLESS
    while not (found := look()):
        assert time.monotonic() < end, what
        time.sleep(0.03)
    return found


@dataclass
class Nurse:
    """A member of staff in a browser of their own."""

    page: Page
    staff: Staff
    ward: "Ward"

    def opens(self, conversation_id: str) -> Page:
        """Go to a case, and wait until its page is live."""
        self.page.goto(f"/console/conversations/{conversation_id}")
        self.live()
        return self.page

    def inbox(self, query: str = "") -> Page:
        """Go to the inbox, and wait until it is live."""
        self.page.goto(f"/console{query}")
        self.live()
        return self.page

    def live(self) -> None:
        """Wait until the page hears of changes."""
        self.page.wait_for_selector("#live[data-state=on]", state="attached")

    def rows(self) -> list[str]:
        """The conversations listed, top first."""
        return self.page.locator("#rows > li").evaluate_all("rows => rows.map(row => row.id.slice(4))")

    def http(self) -> httpx.Client:
        """The same session without a browser, for requests that a page does not make."""
        jar = {one["name"]: one["value"] for one in self.page.context.cookies()}
        token = self.page.evaluate("document.querySelector('meta[name=csrf]').content")
        headers = {"X-CSRF-Token": token, "HX-Request": "true", "Accept": "application/json"}
        return httpx.Client(base_url=self.ward.url, cookies=jar, headers=headers, trust_env=False, timeout=30)


@dataclass
class Ward:
    """The bot, its clock standing at a Tuesday noon, and everybody in it."""

    house: House
    url: str
    chromium: Browser
    rasa: RasaDouble
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    made: dict[str, Staff] = field(default_factory=dict)

    def staff(self, name: str, role: Role = Role.CLINICIAN, title: str = "Nurse") -> Staff:
        """Somebody with an account, made once."""
        if name not in self.made:
            store, clock = self.house.store, self.house.clock
            email = f"{name.lower().replace(' ', '.')}@clinic.example"
            staff = add_staff(store, clock, email, name, title, role)
            open_account(
                store, clock, make_sign_in_link(store, clock, staff.id), Profile(name, title, email, PASSWORD)
            )  # fmt: skip
            self.made[name] = staff
        return self.made[name]

    def nurse(self, name: str = "Ana Silva", role: Role = Role.CLINICIAN, **options: Any) -> Nurse:
        """Somebody signed in, in a browser of their own."""
        staff = self.staff(name, role)
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = self.chromium.new_context(base_url=self.url, locale="en-GB", **options)
        context.set_default_timeout(ENDLESS * 1000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if "Content Security" in line.text else None)
        page.goto("/console/sign-in")
        page.get_by_label("E-mail").fill(staff.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("#rows", state="attached")
        return Nurse(page, staff, self)

    def tab(self, nurse: Nurse) -> Nurse:
        """Another tab of the same browser."""
        page = nurse.page.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return Nurse(page, nurse.staff, self)

    def says(self, text: str, answer: str) -> None:
        """What the assistant answers to a text, with the verdict of the screen, as the real gate gives it."""
        self.rasa.answers[text] = said(answer, triage=self.house.shared.screen(text).as_dict())

    def patient(self, *texts: str, channel: str = "web", key: str = "") -> str:
        """A patient writes; their red flags have their case. Out: the conversation."""
        key = key or f"patient-{next(_numbers)}"
        for text in texts:
            if text not in self.rasa.answers:
                self.says(text, "Thank you, I pass that on.")
            received = self.house.receive(text, key=key, channel=channel)
        conversation_id: str = received.conversation_id
        return conversation_id

    def writes(self, conversation_id: str, text: str, photo: bytes | None = None) -> int:
        """A patient who is known writes again. Out: the message."""
        with self.house.store.read() as session:
            patient = session.get_one(Conversation, conversation_id).patient
        if text not in self.rasa.answers:
            self.says(text, "Thank you, I pass that on.")
        given: dict[str, Any] = {}
        if photo is not None:
            upload = Upload(self.house.services.files.keep(photo), "image/png", len(photo))
            given = {"kind": Kind.PHOTO, "uploads": (upload,)}
        message_id: int = self.house.receive(text, key=patient.channel_key, channel=patient.channel, **given).message_id
        return message_id

    def session(self, conversation_id: str, hours_ago: float, depth_mm: float | None = 1.0) -> None:
        """The clinic has recorded when the session was."""
        now = self.house.clock.now()
        said = Treatment(now - timedelta(hours=hours_ago), "recorded", depth_mm)
        ana = self.staff("Ana Silva")
        with self.house.store.write() as session:
            patient = session.get_one(Conversation, conversation_id).patient
            correct(session, now, patient, said, f"staff:{ana.id}")

    def enrol(self, conversation_id: str, called: str, hours_ago: float, identity: Identity | None = None) -> None:
        """The clinic knows the patient by a name, and by what else it noted."""
        ended = self.house.clock.now() - timedelta(hours=hours_ago)
        note = SessionNote(called, ended, identity=identity or Identity())
        made = self.house.services.enrolling.create(self.staff("Ana Silva"), note)
        with self.house.store.write() as session:
            record_id = session.get_one(Enrolment, made.enrolment_id).record_id
            patient = session.get_one(Conversation, conversation_id).patient
            tie(session, self.house.services.clinic, patient, record_id)

    def case(self, conversation_id: str) -> Case:
        """The open case."""
        found = self.house.case(conversation_id)
        assert found is not None
        return found

    def state(self, conversation_id: str) -> CaseState:
        """How the newest case stands."""
        with self.house.store.read() as session:
            query = session.query(Case).filter(Case.conversation_id == conversation_id)
            return query.order_by(Case.id.desc()).first().state

    def heard(self, conversation_id: str, author: Author = Author.CLINICIAN) -> list[str]:
        """What the patient got from the clinicians."""
        return [one.text for one in self.house.messages(conversation_id, author)]

    def newest(self, conversation_id: str) -> Message:
        """The patient's newest message."""
        return self.house.messages(conversation_id, Author.PATIENT)[-1]

    def pass_time(self, **given: float) -> None:
        """Let time pass for the bot."""
        self.house.clock.advance(timedelta(**given))


@contextmanager
def opened(house: House, chromium: Browser, rasa: RasaDouble) -> Iterator[Ward]:
    """Serve a house until the block ends."""
    config = uvicorn.Config(create_app(house.services), port=0, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    ward = Ward(house, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", chromium, rasa)
    try:
        yield ward
    finally:
        for context in ward.contexts:
            context.close()
        server.should_exit = True
        thread.join()
