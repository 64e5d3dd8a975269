"""Two bots at once: in order, each message stored and answered once, and live at whichever bot one looks."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from bot.store.tables import Author, Handling
from tests.doubles.bot_api import TelegramDouble
from tests.doubles.rasa import said
from tests.scale.pair import BOTS, ENDLESS, Pair, Visitor, soon

PASSWORD = "correct horse battery"


@contextmanager
def watching(patient: Visitor) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What the patient's stream shows while the block lasts: (event, data)."""
    seen: list[tuple[str, dict[str, Any]]] = []
    opened, over = threading.Event(), threading.Event()

    def read() -> None:
        # When the bot stops, so does the stream; the test has seen what it wanted by then, or fails by itself.
        with suppress(httpx.HTTPError), patient.http.stream("GET", "/api/v1/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            kind = ""
            for line in answer.iter_lines():
                opened.set()
                if over.is_set():
                    return
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    seen.append((kind, json.loads(value)))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert opened.wait(ENDLESS)
    try:
        yield seen
    finally:
        over.set()


def texts(seen: list[tuple[str, dict[str, Any]]], author: str) -> list[str]:
    return [data["text"] for kind, data in seen if kind == "message" and data["author"] == author]


def test_a_stream_at_one_bot_shows_what_the_other_answers_and_that_it_writes(pair: Pair):
    pair.rasas["one"].mode = "slow"  # so that both come to answer
    for number in range(30):
        patient = Visitor(pair.url("one"))
        with watching(patient) as seen:
            patient.at(pair.url("two")).sends(f"question {number}", "message-0001")
            soon(lambda seen=seen, number=number: texts(seen, "bot") == [f"heard: question {number}"], "the reply")  # type: ignore[misc]
        if f"question {number}" in pair.rasas["two"].texts:
            break
    assert f"question {number}" in pair.rasas["two"].texts
    # Typing is in no table: it can only have come from bot to bot.
    assert [data["on"] for kind, data in seen if kind == "typing"] == [True, False]


def test_a_stream_through_the_proxy_is_not_held_back(pair: Pair):
    patient = Visitor(pair.proxy)
    with watching(patient) as seen:
        patient.sends("may I swim", "message-0001")
        soon(lambda: texts(seen, "bot") == ["heard: may I swim"], "the reply, while the stream is open")


def test_a_clinicians_reply_at_one_bot_reaches_the_patient_at_the_other(pair: Pair):
    patient = Visitor(pair.url("one"))
    question = patient.sends("is this normal", "message-0001")
    soon(pair.settled, "the bot has answered")
    nurse = httpx.Client(base_url=pair.url("two"), trust_env=False, timeout=ENDLESS)
    form = {"name": "Ana Silva", "title": "Nurse", "email": "ana@clinic.example", "password": PASSWORD}
    assert nurse.post(pair.invite("ana"), data=form).status_code == 303
    found = re.search(r'name="csrf" content="([^"]+)"', nurse.get("/console").text)
    assert found
    here = f"/console/conversations/{patient.conversation_id}"
    with watching(patient) as seen:
        assert nurse.post(f"{here}/take-over", data={"csrf": found[1]}).status_code == 303
        typing = nurse.post(
            f"{here}/presence", data={"doing": "typing"}, headers={"HX-Request": "true", "X-CSRF-Token": found[1]}
        )
        assert typing.status_code == 204
        soon(lambda: ("typing", True) in [(kind, data.get("on")) for kind, data in seen], "the patient sees her type")
        reply = {"csrf": found[1], "key": "k1", "last_seen": str(question), "text": "Yes, that is normal."}
        assert nurse.post(f"{here}/reply", data=reply).status_code == 303
        soon(lambda: texts(seen, "clinician") == ["Yes, that is normal."], "her reply")
    # The session that began at one bot counts at the other.
    other = httpx.Client(base_url=pair.url("one"), cookies=nurse.cookies, trust_env=False, timeout=ENDLESS)
    assert other.get("/console").status_code == 200


def test_each_message_is_stored_once_and_answered_once_in_order(pair: Pair):
    for rasa in pair.rasas.values():
        rasa.mode, rasa.pause = "slow", 0.02
    patients = [Visitor(pair.proxy) for _ in range(12)]
    before = len(pair.messages())

    def write(patient: Visitor) -> None:
        at = [patient.at(pair.url(name)) for name in BOTS]
        for number in range(6):
            text, key = f"{patient.conversation_id} {number}", f"message-{number:04}"
            with ThreadPoolExecutor(2) as both:  # the same message at both bots at the same moment
                ids = set(both.map(lambda one, text=text, key=key: one.sends(text, key), at))  # type: ignore[misc]
            assert len(ids) == 1

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(write, patients))
    soon(pair.settled, "everything is answered")
    heard = [text for rasa in pair.rasas.values() for text in rasa.texts]
    assert max(Counter(heard).values()) == 1
    assert all(rasa.heard for rasa in pair.rasas.values()), "one bot did all the work"
    assert len(pair.messages()) - before == 12 * 6 * 2
    for patient in patients:
        wrote = [f"{patient.conversation_id} {number}" for number in range(6)]
        assert [one.text for one in pair.messages(patient.conversation_id) if one.author is Author.PATIENT] == wrote
        assert pair.replies(patient.conversation_id) == [f"heard: {text}" for text in wrote]


def test_what_a_killed_bot_was_answering_the_other_answers(pair: Pair):
    patient = Visitor(pair.url("one"))
    pair.rasas["one"].mode = pair.rasas["two"].mode = "hangs"
    message = patient.sends("are you there", "message-0001")
    name = soon(lambda: next((name for name in BOTS if pair.rasas[name].heard), ""), "one of them asks Rasa")
    pair.kill(name)
    for rasa in pair.rasas.values():
        rasa.mode = "answers"
    soon(pair.settled, "the other takes it up when the lease is over")
    assert pair.replies(patient.conversation_id) == ["heard: are you there"]
    answered = next(one for one in pair.messages(patient.conversation_id) if one.id == message)
    assert answered.handling is Handling.HANDLED
    assert Visitor(pair.proxy).sends("through the proxy, with one bot left", "message-0001")


def test_one_bot_polls_telegram_and_the_other_goes_on_when_it_stops(pair: Pair, telegram: TelegramDouble):
    pair.rasas["one"].answers["hello"] = pair.rasas["two"].answers["hello"] = said("Hello!")
    chat = telegram.patient(4001)
    chat.sends("hello")
    soon(lambda: chat.texts.count("Hello!") == 1, "the answer")
    with pair.store() as store, store.read() as session:
        held = session.connection().exec_driver_sql("SELECT held_by FROM leases").scalars().all()
    assert len(held) == 1
    holder = next(name for name in BOTS if held[0].endswith(f":{pair.ports[name]}"))
    pair.stop(holder)
    chat.sends("hello")
    soon(lambda: chat.texts.count("Hello!") == 2, "the answer of the other bot")
    assert not any("another program polls" in pair.log(name) for name in BOTS)
