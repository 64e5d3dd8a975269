"""Who is signed in on the clinic's own portal has one conversation on all their devices, and nobody else has it."""

from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.settings import Settings
from tests.house import House

SECRET = "the portal's secret, of forty characters"


@pytest.fixture
def house(shared, rasa, tmp_path: Path) -> House:
    return House.build(shared, tmp_path, rasa.url, identity_secret=SECRET)


def signed(
    house: House, patient_id: object = "p-17", secret: str = SECRET, minutes: float = 30, **claims: object
) -> str:
    expires = house.clock.now() + timedelta(minutes=minutes)
    return jwt.encode({"sub": patient_id, "exp": expires}, secret, "HS256")


def opened(client: TestClient, identity: str, **headers: str):
    return client.post("/api/v1/conversations", json={"identity": identity}, headers=headers)


def test_the_same_patient_has_the_same_conversation_on_another_device(house: House):
    first, second = TestClient(create_app(house.services)), TestClient(create_app(house.services))
    one, two = opened(first, signed(house)).json(), opened(second, signed(house, minutes=5)).json()
    assert one["conversation_id"] == two["conversation_id"]
    assert one["token"] != two["token"]  # each device has a key of its own
    other = opened(second, signed(house, "p-18")).json()
    assert other["conversation_id"] != one["conversation_id"]
    assert "p-17" not in one["token"]


def test_a_visitor_s_token_is_not_carried_into_a_patient_s_conversation(house: House, client: TestClient):
    visitor = client.post("/api/v1/conversations").json()
    patient = opened(client, signed(house), Authorization=f"Bearer {visitor['token']}").json()
    assert patient["conversation_id"] != visitor["conversation_id"]
    again = client.post("/api/v1/conversations", headers={"Authorization": f"Bearer {visitor['token']}"}).json()
    assert again == visitor


def test_a_token_that_does_not_prove_who_it_is_opens_nothing(house: House, client: TestClient):
    good = signed(house)
    head, body, signature = good.split(".")
    nobody = jwt.encode({"sub": "p-17", "exp": 9999999999}, None, "none")
    for wrong in (
        signed(house, secret=SECRET + "x"),
        signed(house, minutes=-0.1),
        signed(house, ""),
        signed(house, "x" * 201),
        jwt.encode({"sub": "p-17"}, SECRET, "HS256"),
        jwt.encode({"exp": 9999999999}, SECRET, "HS256"),
        jwt.encode({"sub": "p-17", "exp": 9999999999}, SECRET, "HS384"),
        nobody,
        f"{head}.{signed(house, 'p-18').split('.')[1]}.{signature}",
        f"{head}.{body}.",
        "p-17",
    ):
        answer = opened(client, wrong)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "identity"), wrong
    assert not house.messages()


def test_without_a_secret_nobody_is_signed_in(shared, rasa, tmp_path: Path):
    house = House.build(shared, tmp_path, rasa.url)
    assert opened(TestClient(create_app(house.services)), signed(house)).status_code == 403


def test_a_short_secret_stops_the_start():
    with pytest.raises(ValueError, match="shorter than 32"):
        Settings(_env_file=None, identity_secret="short")
