"""Having a chat deleted from the widget: the same question, and the same answer, as /delete on Telegram."""

from fastapi.testclient import TestClient

from bot.conversation.wished_away import GRACE
from tests.house import House
from tests.web.conftest import Visitor


def asked(visitor: Visitor, **headers: str):
    return visitor.client.post("/api/v1/deletion", headers=headers or visitor.headers)


def test_it_asks_first_and_does_what_is_pressed(house: House, visitor: Visitor):
    answer = asked(visitor)
    assert answer.status_code == 202
    carrier = house.message(answer.json()["message_id"])
    assert carrier.text == house.shared.wording.render("utter_delete_ask")
    assert house.case(visitor.conversation_id) is None, "nothing is asked of the staff yet"
    assert visitor.say(text="", button={"message_id": carrier.id, "index": 1}).status_code == 202
    assert house.conversation(visitor.conversation_id).erase_at is None
    assert visitor.say(text="", button={"message_id": carrier.id, "index": 0}).status_code == 202
    assert house.conversation(visitor.conversation_id).erase_at == house.clock.now() + GRACE
    assert house.case(visitor.conversation_id) is None, "staff have not acted on this chat, nor need they now"


def test_nobody_asks_for_another(client: TestClient, visitor: Visitor):
    assert asked(visitor, Authorization="").status_code == 401
    assert asked(visitor, Authorization="Bearer someone-else").status_code == 401
