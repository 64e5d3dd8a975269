"""A console over real services on a temporary SQLite: Ana (admin), Ben (clinician), Rae (reviewer), and an outsider."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.care.clinic import Clinic, load_clinic
from bot.care.wording import Wording
from bot.clock import SetClock
from bot.console.app import mount
from bot.conversation.brain import Brain
from bot.conversation.inbound import Inbound, Upload
from bot.services import DOMAIN, RED_FLAGS, Services
from bot.settings import ROOT, Settings
from bot.staff import Profile, add_staff, make_sign_in_link, open_account
from bot.store.database import Store
from bot.store.tables import Case, CaseState, Kind, Message, Role, Staff
from bot.triage.catalogue import load_catalogue
from bot.triage.screen import Screen
from tests.databases import Databases, databases, migrated
from tests.house import KEY, KEYS

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
PASSWORD = "correct horse battery"
PEOPLE = {
    "ana": ("Ana Silva", "Nurse", Role.ADMIN),
    "ben": ("Ben Ito", "Dr", Role.CLINICIAN),
    "rae": ("Rae Moss", "", Role.REVIEWER),
}


@dataclass
class Browser:
    """A signed-in member of staff."""

    client: TestClient
    staff: Staff
    csrf: str

    def get(self, address: str, **options):
        return self.client.get(address, **options)

    def post(self, address: str, data: dict | None = None, **options):
        """A plain form, as without scripts."""
        return self.client.post(address, data={"csrf": self.csrf, **(data or {})}, **options)

    def script(self, address: str, data: dict | None = None, **options):
        """The same form, sent by a script."""
        headers = {"HX-Request": "true", "X-CSRF-Token": self.csrf}
        return self.client.post(address, data=data or {"x": ""}, headers=headers, **options)


@dataclass
class House:
    """The services with the console mounted, and patients who write."""

    services: Services
    clock: SetClock
    app: FastAPI
    staff: dict[str, Staff]
    sent: int = 0

    def outsider(self) -> TestClient:
        return TestClient(self.app, base_url="http://localhost:8000", follow_redirects=False)

    def patient(self, key: str, text: str = "", channel: str = "web", **options) -> Message:
        self.sent += 1
        inbound = Inbound(channel, key, f"{channel}-{self.sent}", self.clock.now(), text, **options)
        received = self.services.reception.receive(inbound)
        with self.services.store.read() as session:
            return session.get_one(Message, received.message_id)

    def photo(self, key: str, content: bytes, content_type: str, name: str = "photo.bin") -> Message:
        upload = Upload(self.services.files.keep(content), content_type, len(content))
        return self.patient(key, "look", kind=Kind.PHOTO, uploads=(upload,))

    def case(self, conversation_id: str) -> Case:
        with self.services.store.read() as session:
            return session.query(Case).filter(
                Case.conversation_id == conversation_id, Case.state != CaseState.CLOSED
            ).one()  # fmt: skip

    def messages(self, conversation_id: str) -> list[Message]:
        with self.services.store.read() as session:
            query = session.query(Message).filter(Message.conversation_id == conversation_id)
            return query.order_by(Message.id).all()


@dataclass
class Ready:
    """What all tests share: reading the catalogue and the wording takes a second, migrating and hashing another."""

    screen: Screen
    clinic: Clinic
    wording: Wording
    databases: Databases
    empty: str
    staffed: str


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Ready]:
    place = databases(pytestconfig)
    empty = migrated(place, tmp_path_factory.mktemp("empty"), KEYS)
    store = Store(place.copy(empty, tmp_path_factory.mktemp("staffed")), KEYS)
    clock = SetClock(NOON)
    for key, (name, title, role) in PEOPLE.items():
        email = f"{key}@clinic.example"
        staff = add_staff(store, clock, email, name, title, role)
        token = make_sign_in_link(store, clock, staff.id)
        open_account(store, clock, token, Profile(name, title, email, PASSWORD))
    store.close()
    screen = Screen(load_catalogue(RED_FLAGS))
    yield Ready(screen, load_clinic(ROOT / "clinic.yml"), Wording.load(DOMAIN), place, empty, store.url)
    place.close()


def build(ready: Ready, folder: Path, database: str) -> House:
    clock = SetClock(NOON)
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        database_url=ready.databases.copy(database, folder),
        encryption_keys=KEY,
        public_url="http://localhost:8000",
        session_idle_minutes=720,  # tests let hours pass between two clicks
    )
    brain = Brain("http://127.0.0.1:9", 1)
    services = Services.join(
        settings, ready.clinic, ready.wording, ready.screen, Store(settings.database, KEYS), brain, clock
    )
    app = FastAPI()
    mount(app, services)
    return House(services, clock, app, {})


@pytest.fixture
def bare(ready: Ready, tmp_path: Path) -> Iterator[House]:
    """A house without staff."""
    house = build(ready, tmp_path, ready.empty)
    yield house
    house.services.store.close()
    ready.databases.drop(house.services.store.url)


@pytest.fixture
def house(ready: Ready, tmp_path: Path) -> Iterator[House]:
    """A house with Ana, Ben and Rae."""
    house = build(ready, tmp_path, ready.staffed)
    with house.services.store.read() as session:
        house.staff = {one.email.partition("@")[0]: one for one in session.query(Staff)}
    yield house
    house.services.store.close()
    ready.databases.drop(house.services.store.url)


@pytest.fixture
def enter(house: House) -> Callable[[str], Browser]:
    """Sign somebody in."""

    def sign_in(key: str) -> Browser:
        client = house.outsider()
        answer = client.post("/console/sign-in", data={"email": f"{key}@clinic.example", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return Browser(client, house.staff[key], csrf_of(client.get("/console").text))

    return sign_in


@pytest.fixture
def ana(enter: Callable[[str], Browser]) -> Browser:
    return enter("ana")


@pytest.fixture
def ben(enter: Callable[[str], Browser]) -> Browser:
    return enter("ben")


@pytest.fixture
def rae(enter: Callable[[str], Browser]) -> Browser:
    return enter("rae")


def csrf_of(html: str) -> str:
    found = re.search(r'name="csrf" content="([^"]+)"', html)
    assert found, html
    return found[1]


def hour(number: float) -> timedelta:
    return timedelta(hours=number)
