"""The real application over real parts, with staff, a patient with a case and a photo, and another patient."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import create_app
from bot.console.sessions import SESSION_LIFE, start_session
from bot.staff import add_staff
from bot.store.tables import Attachment, Role, Staff
from tests.console.conftest import PEOPLE, House, Ready, build, ready  # noqa: F401 - a fixture

ORIGIN = "https://www.clinic.example"
PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 40
ROLES = {"reviewer": "rae", "clinician": "ben", "admin": "ana"}


@dataclass
class Place:
    """The application, who is there, and the ids that stand in addresses."""

    house: House
    app: FastAPI
    ids: dict[str, str] = field(default_factory=dict)
    token: str = ""  # of the patient whose ids these are

    def client(self, address: str = "testclient") -> TestClient:
        return TestClient(
            self.app,
            base_url="http://localhost:8000",
            follow_redirects=False,
            raise_server_exceptions=False,
            client=(address, 1),
        )

    def signed_in(self, role: str) -> tuple[TestClient, str]:
        """A browser of somebody with this role, and its CSRF token."""
        started = start_session(self.app.state.console, self.house.staff[ROLES[role]])
        client = self.client()
        client.cookies.set("aftercare_session", started.token)
        return client, started.csrf

    def expired(self) -> tuple[TestClient, str]:
        """An admin's browser after the session's end."""
        client, csrf = self.signed_in("admin")
        self.house.clock.advance(SESSION_LIFE)
        return client, csrf


@pytest.fixture
def place(ready: Ready, tmp_path: Path) -> Iterator[Place]:  # noqa: F811
    house = build(ready, tmp_path, ready.staffed)
    settings = house.services.settings.model_copy(
        update={"metrics_token": SecretStr("m" * 32), "widget_origins": ORIGIN}
    )
    house.services = dataclasses.replace(house.services, settings=settings)
    house.app = create_app(house.services)
    with house.services.store.read() as session:
        house.staff = {one.email.partition("@")[0]: one for one in session.query(Staff)}
    assert set(house.staff) == set(PEOPLE)
    built = Place(house, house.app)
    opened = built.client().post("/api/v1/conversations").json()
    built.token = opened["token"]
    sent = built.client().post(
        "/api/v1/attachments",
        files={"file": ("../../evil.html", PHOTO, "text/html")},
        data={"client_message_id": "photo-0001", "text": "my face is swelling and I can't breathe"},
        headers={"Authorization": f"Bearer {built.token}"},
    )
    assert sent.status_code == 202, sent.text
    with house.services.store.read() as session:
        attachment = session.query(Attachment).one()
    extra = add_staff(house.services.store, house.clock, "zoe@clinic.example", "Zoe", "", Role.CLINICIAN)
    built.ids = {
        "conversation_id": opened["conversation_id"],
        "message_id": str(sent.json()["message_id"]),
        "attachment_id": str(attachment.id),
        "staff_id": str(extra.id),
        "enrolment_id": "1",
        "key": "volume",
        "token": "unknown",
        "rest:path": "anything/else",
    }
    yield built
    house.services.store.close()
    ready.databases.drop(house.services.store.url)
