"""The `today` event: told when the stream begins and whenever the plan has changed, and never replayed."""

from datetime import timedelta

import pytest

from bot.care.treatment import Treatment
from bot.channels.web import stream
from bot.conversation.record import remember_treatment
from bot.store.tables import Conversation
from tests.house import URGENT, House, until
from tests.web.conftest import served
from tests.web.test_web_stream import begin, reading, say


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(stream, "POLL", 0.02)


def tell(house: House, thread: str, hours: float) -> None:
    """The session ended so many hours ago."""
    now = house.clock.now()
    with house.store.write() as session:
        conversation = session.get_one(Conversation, thread)
        said = Treatment(now - timedelta(hours=hours), "said")
        remember_treatment(session, house.shared.clinic, now, conversation, said, "patient")


async def test_the_card_follows_the_session_and_the_clock(house: House, rasa):
    async with served(house) as on:
        token, thread = await begin(on.client)
        async with reading(on.client, token) as reader:
            await until(lambda: reader.of("today") == [{"known": False}])
            tell(house, thread, 23)
            await until(lambda: len(reader.of("today")) == 2)
            house.clock.advance(timedelta(hours=2))
            await until(lambda: len(reader.of("today")) == 3)
        before, after = reader.of("today")[1:]
        assert (before["known"], before["recent"], before["day"], before["held"]) == (True, True, 1, "")
        assert "washing" in [item["id"] for item in before["wait"]]
        [washing] = [item for item in after["fine"] if item["id"] == "washing"]
        assert washing == {
            "id": "washing",
            "name": "Washing your hair",
            "said": "Washing your hair",
            "only_if": "",
            "until": None,
        }
        [pool] = [item for item in after["wait"] if item["id"] == "pool_sauna"]
        assert pool["said"].startswith("Pool, sea, sauna, hot tub: from ")
        assert pool["until"] == (house.clock.now() + timedelta(hours=47)).isoformat()
        async with reading(on.client, token, "999999") as later:
            await until(lambda: later.of("today") == [after])
        assert all(number is None for event, _, number in later.seen if event == "today")


async def test_an_urgent_case_takes_what_is_fine_away(house: House, rasa):
    async with served(house) as on:
        token, thread = await begin(on.client)
        tell(house, thread, 30)
        async with reading(on.client, token) as reader:
            await until(lambda: reader.of("today"))
            assert reader.of("today")[0]["fine"]
            await say(on.client, token, URGENT)
            await until(lambda: reader.of("today")[-1]["held"])
        assert reader.of("today")[-1]["fine"] == []


async def test_an_unchanged_plan_is_not_told_again(house: House, rasa):
    async with served(house) as on:
        token, thread = await begin(on.client)
        tell(house, thread, 30)
        async with reading(on.client, token) as reader:
            await say(on.client, token, "hello")
            await until(lambda: len(reader.of("message")) == 2)
            await say(on.client, token, "again", 2)
            await until(lambda: len(reader.of("message")) == 4)
        assert len(reader.of("today")) == 1
