"""The bot process alone: it is asked to stop with everything under way, or its disk is full. It loses nothing."""

import os
import resource
import signal
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.doubles.rasa import RasaDouble
from tests.e2e.people import WebPatient
from tests.e2e.stack import Stack, until
from tests.web.conftest import PNG

PATIENTS, MESSAGES = 6, 3
GRACE = 20.0  # seconds that deploy/compose.yaml gives a bot to stop


@pytest.fixture(autouse=True)
def _answering(bot: Stack, brain: RasaDouble) -> Iterator[None]:
    """The bot runs before each test, and Rasa answers."""
    brain.reset()
    yield
    if bot.processes["bot"].poll() is not None:
        bot.start("bot")


@pytest.mark.e2e
def test_what_was_accepted_before_a_graceful_stop_is_answered_after_it_once_and_in_order(
    bot: Stack, brain: RasaDouble
) -> None:
    brain.mode, brain.pause = "slow", 2.0
    patients = [WebPatient(bot) for _ in range(PATIENTS)]
    streams = [patient.stream().__enter__() for patient in patients]
    phone = bot.telegram.patient(8001)
    for number in range(MESSAGES):
        for patient in patients:
            patient.sends(f"question {number}")
        phone.sends(f"question {number}")
    until(lambda: brain.heard, "the bot has begun to answer")
    process = bot.processes["bot"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(GRACE) in (0, -signal.SIGTERM)
    log = bot.log_of("bot")
    assert "timeout graceful shutdown exceeded" not in log, "a stream or a call held the stop up"
    assert "Traceback" not in log
    for stream in streams:
        stream._thread.join(GRACE)
        assert not stream._thread.is_alive(), "the stream was not ended"
    waiting = bot.rows("SELECT count(*) AS waiting FROM messages WHERE handling = 'received'")[0]["waiting"]
    assert waiting, "nothing was in flight, so this shows nothing"

    brain.reset()
    bot.start("bot")
    wanted = [f"heard: question {number}" for number in range(MESSAGES)]
    for patient in patients:
        until(lambda one=patient: len(bot.messages(one.conversation_id, "bot")) >= MESSAGES, "all is answered")  # type: ignore[misc]
        assert [row["text"] for row in bot.messages(patient.conversation_id, "bot")] == wanted
    until(lambda: len(phone.texts) >= MESSAGES, "Telegram is answered", 90)
    assert phone.texts == wanted


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_while_nothing_can_be_written_patients_are_told_so_and_then_it_goes_on_by_itself(bot: Stack) -> None:
    patient = WebPatient(bot)
    assert patient.asks("before")
    pid, uploads = bot.processes["bot"].pid, bot.settings.uploads
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))  # no file may be longer than a byte: not even a log's
    try:
        answers = [patient.posts("while it is full", "message-0001"), patient.attaches(PNG, "photo.png")]
        answers.append(patient.attaches(PNG + os.urandom(2_000_000), "a large one.png"))
        for answer in answers:
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert httpx.get(f"{bot.url}/healthz", trust_env=False).status_code == 200
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
    assert list(uploads.iterdir()) == []
    taken = patient.posts("while it is full", "message-0001")
    assert taken.status_code == 202
    bot.handled(taken.json()["message_id"])
    texts = [row["text"] for row in bot.messages(patient.conversation_id)]
    assert texts == ["before", "heard: before", "while it is full", "heard: while it is full"]
    assert bot.processes["bot"].pid == pid
    assert bot.ready()
