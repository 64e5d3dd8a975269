"""How a patient of the benchmark reads the event stream, and from which addresses they come."""

from collections.abc import AsyncIterator

from benchmarks.patients import WidgetFront, _messages

STREAM = """\
id: 1
event: message
data: {"id": 5, "author": "patient", "text": "when can i wash"}

event: typing
data: {"author": "bot", "on": true}

: ping

id: 2
event: message
data: {"id": 6, "author": "bot", "text": "Tomorrow: lukewarm."}
"""


async def lines() -> AsyncIterator[str]:
    for line in STREAM.splitlines():
        yield line


async def test_messages_alone_are_read_off_the_stream():
    assert [message["text"] async for message in _messages(lines())] == ["when can i wash", "Tomorrow: lukewarm."]


async def test_addresses_are_of_loopback_and_each_is_used_once():
    async with WidgetFront("http://127.0.0.1:9") as front:
        first = [next(front._addresses) for _ in range(600)]
    assert len(set(first)) == 600
    assert "127.0.0.1" not in first
    assert all(address.startswith("127.0.") for address in first)
