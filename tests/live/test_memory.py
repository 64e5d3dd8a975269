"""What is remembered for a while: alike in one process and in Redis, and kept going while Redis is away."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
import redis

from bot.live.memory import KNOWN, Memory, OwnMemory
from bot.live.redis_memory import RedisMemory
from bot.processes import free_port
from tests.databases import redis_url

LONG = 600.0


@pytest.fixture(params=["own", "redis"])
def memory(request: pytest.FixtureRequest) -> Memory:
    if request.param == "own":
        return OwnMemory()
    url = redis_url()
    redis.Redis.from_url(url).flushdb()
    return RedisMemory(url)


def test_a_value_is_there_until_it_is_taken(memory: Memory):
    memory.put("link:a", "one", LONG)
    assert (memory.get("link:a"), memory.get("link:b")) == ("one", None)
    assert (memory.take("link:a"), memory.take("link:a")) == ("one", None)


def test_a_value_is_forgotten_when_its_time_is_over(memory: Memory):
    memory.put("link:a", "one", 0.05)
    time.sleep(0.1)
    assert memory.get("link:a") is None


def test_a_list_keeps_the_newest_in_order_until_it_is_forgotten(memory: Memory):
    for value in "abcd":
        memory.append("sign-in:x", value, 3, LONG)
    assert memory.listed("sign-in:x") == ["b", "c", "d"]
    memory.forget("sign-in:x")
    assert memory.listed("sign-in:x") == []


def test_so_many_pass_at_once_and_then_at_the_steady_pace(memory: Memory):
    assert [memory.allows("sending:a", 3, 0.001) for _ in range(5)] == [True, True, True, False, False]
    assert memory.allows("sending:b", 3, 0.001)
    assert [memory.allows("opening:a", 1, 20) for _ in range(2)] == [True, False]
    time.sleep(0.1)
    assert memory.allows("opening:a", 1, 20)


@pytest.mark.parametrize("now", [2.0**exponent / 3 for exponent in range(1, 24)])
def test_a_first_try_passes_whatever_the_clock_shows(now: float, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for each in (1, 3, 7, 20):
        for pace in (0.001, 0.3, 20):
            memory = OwnMemory()
            assert sum(memory.allows("opening:a", each, pace) for _ in range(each + 5)) == each


def test_of_twenty_at_once_exactly_the_burst_passes(memory: Memory):
    start, passed = Barrier(20), []

    def knock() -> None:
        start.wait()
        passed.append(memory.allows("sending:a", 7, 0.001))

    threads = [Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 7


def test_two_bots_count_together():
    url = redis_url()
    redis.Redis.from_url(url).flushdb()
    one, other = RedisMemory(url), RedisMemory(url)
    assert [one.allows("sending:a", 2, 0.001), other.allows("sending:a", 2, 0.001)] == [True, True]
    assert not one.allows("sending:a", 2, 0.001)
    one.put("link:a", "shown", LONG)
    assert other.get("link:a") == "shown"


def test_a_flood_of_one_kind_leaves_the_others_alone():
    memory = OwnMemory()
    memory.append("sign-in:x", "failed", 10, LONG)
    for number in range(KNOWN + 1):
        memory.put(f"link:{number}", "x", LONG)
    assert (memory.get("link:0"), memory.get("link:1")) == (None, "x")
    assert memory.listed("sign-in:x") == ["failed"]


def test_while_redis_is_away_each_bot_counts_for_itself_and_says_so_once(caplog: pytest.LogCaptureFixture):
    with own_redis() as (url, stop):
        memory = RedisMemory(url)
        assert memory.allows("sending:a", 1, 0.001)
        stop()
        assert [memory.allows("sending:a", 1, 0.001) for _ in range(3)] == [True, False, False]
        memory.put("link:a", "kept here", LONG)
        assert memory.get("link:a") == "kept here"
    said = [record.message for record in caplog.records if "Redis" in record.message]
    assert len(said) == 1
    assert "AFTERCARE_REDIS_URL" in said[0]


@contextmanager
def own_redis(port: int = 0) -> Iterator[tuple[str, Callable[[], None]]]:
    """A Redis of this test's own. Out: its address, and what to call to stop it."""
    redis_url()  # where there is none, skip
    port = port or free_port()
    command = [shutil.which("redis-server") or "redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    while True:
        try:
            redis.Redis.from_url(url).ping()
        except redis.exceptions.ConnectionError:
            assert server.poll() is None
            time.sleep(0.02)
        else:
            break

    def stop() -> None:
        server.terminate()
        server.wait(10)

    try:
        yield url, stop
    finally:
        stop()
