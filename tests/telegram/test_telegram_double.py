"""The double refuses what Telegram refuses; the other tests rest on that."""

import httpx
import pytest


@pytest.fixture
def api(double):
    double.patient(1).sends("hello")
    client = httpx.Client(base_url=f"{double.base_url}/bot{double.token}/", trust_env=False)

    def call(method, **params):
        body = client.post(method, json=params).json()
        return body.get("result") if body["ok"] else (body["error_code"], body["description"])

    yield call
    client.close()


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("sendMessage", {"chat_id": 1, "text": ""}, 400),
        ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, 400),
        ("sendMessage", {"chat_id": 1, "text": "😀" * 2049}, 400),
        ("sendMessage", {"chat_id": 2, "text": "x"}, 400),
        ("sendMessage", {"text": "x"}, 400),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, 400),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [{"text": "a"}]}}, 400),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, 400),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]},
            },
            400,
        ),
        ("answerCallbackQuery", {"callback_query_id": "1"}, 400),
        ("editMessageReplyMarkup", {"chat_id": 1, "message_id": 99}, 400),
        ("sendChatAction", {"chat_id": 1, "action": "dancing"}, 400),
        ("getFile", {"file_id": "x"}, 400),
        ("setWebhook", {"url": "http://example.org/"}, 400),
        ("setWebhook", {"url": "https://example.org/", "secret_token": "no spaces"}, 400),
        ("setMyCommands", {"commands": [{"command": "Upper", "description": "x"}]}, 400),
        ("noSuchMethod", {}, 404),
    ],
)
def test_it_refuses(api, method, params, code):
    assert api(method, **params)[0] == code


def test_a_wrong_token_is_401(double):
    response = httpx.get(f"{double.base_url}/bot1:wrong/getMe", trust_env=False)
    assert response.status_code == 401


def test_a_blocked_chat_is_403(api, double):
    double.patient(1).blocks()
    assert api("sendMessage", chat_id=1, text="x") == (403, "Forbidden: bot was blocked by the user")


def test_updates_come_again_until_an_offset_confirms_them(api):
    [update] = api("getUpdates")
    assert api("getUpdates") == [update]
    assert api("getUpdates", offset=update["update_id"] + 1) == []
    assert api("getUpdates") == []


def test_polling_beside_a_webhook_is_409(api):
    api("setWebhook", url="https://example.org/hook")
    assert api("getUpdates")[0] == 409
    api("deleteWebhook")
    assert len(api("getUpdates")) == 1
    api("deleteWebhook", drop_pending_updates=True)
    assert api("getUpdates") == []


def test_flood_comes_with_how_long_to_wait(double):
    double.patient(1).sends("hello")
    double.flood(7, chat_id=1)
    address = f"{double.base_url}/bot{double.token}/sendMessage"
    response = httpx.post(address, json={"chat_id": 1, "text": "x"}, trust_env=False)
    assert (response.status_code, response.json()["parameters"]) == (429, {"retry_after": 7})
    assert httpx.post(address, json={"chat_id": 1, "text": "x"}, trust_env=False).status_code == 200


def test_a_photo_can_be_sent_and_fetched(api, double):
    files = {"photo": ("a.jpg", b"\xff\xd8\xff bytes")}
    address = f"{double.base_url}/bot{double.token}/sendPhoto"
    message = httpx.post(address, data={"chat_id": 1}, files=files, trust_env=False).json()["result"]
    file = api("getFile", file_id=message["photo"][0]["file_id"])
    address = f"{double.base_url}/file/bot{double.token}/{file['file_path']}"
    assert httpx.get(address, trust_env=False).content == b"\xff\xd8\xff bytes"
