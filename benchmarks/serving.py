"""Serving: both systems as running processes, one after the other, in one run. Ours uses the model in models/."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.conversations import AROUND, EARLY, LATE, Times, at_once, long_conversations, one_at_a_time
from benchmarks.figures import Figure, Wanted, growth_per_thousand, percentile, turn_cost
from benchmarks.load import Outcome, learn_answers, load
from benchmarks.memory import memory_over
from benchmarks.patients import Front, StockFront, WidgetFront
from benchmarks.progress import say
from benchmarks.servers import Server, our_stack, stock_rasa
from bot.settings import Settings


@dataclass(frozen=True)
class Sizes:
    """How much is measured. `messages`: while memory is watched; `patients`, `rate` a second, `seconds`: the load."""

    messages: int = 20_000
    patients: int = 300
    rate: float = 15.0
    seconds: float = 180.0
    starts: int = 3
    warm_up: int = 30
    replies: int = 100
    at_once: int = 20
    rounds: int = 3
    conversations: int = 4
    turns: int = LATE + AROUND


@dataclass
class Common:
    """What is measured of both."""

    starts: list[float]
    replies: Times
    together: Times
    turns: list[list[float]]
    memory: float

    @property
    def per_second(self) -> float:
        """Replies a second with many patients at once."""
        return len(self.together.milliseconds) / self.together.seconds

    @property
    def unanswered(self) -> int:
        """Messages that got no reply."""
        return self.replies.unanswered + self.together.unanswered


@dataclass
class OursAlone:
    """What is measured of ours alone: the load, and memory over many messages."""

    outcome: Outcome
    questions: int
    memory: list[tuple[int, float]]
    unanswered: int
    given_up: int


def measure(settings: Settings, stock_model: Path, lines: list[str], sizes: Sizes) -> dict[str, Any]:
    """Measure both. Out: `figures`, and the `points` of the picture: load, memory. Raises ProcessError."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        start_ours = partial(our_stack, Path(folder) / "ours")
        start_stock = partial(stock_rasa, settings, stock_model, Path(folder) / "stock")
        say("starting both, each once uncounted: ours migrates its database, and the disk's cache is warm after it")
        starts = _starts([start_ours, start_stock], sizes.starts)
        with start_ours() as server:
            ours, alone = asyncio.run(_ours(server, starts[0], lines, sizes))
            alone.given_up = _given_up(Path(folder) / "ours" / "aftercare.db")
        with start_stock() as server:
            stock = asyncio.run(_stock(server, starts[1], lines, sizes))
    return {
        "sizes": vars(sizes),
        "questions_told_apart": alone.questions,
        "points": (sorted(alone.outcome.answered), sorted(alone.memory)),
        "figures": [figure.as_dict() for figure in figures(ours, stock, alone, sizes)],
    }


def figures(ours: Common, stock: Common, alone: OursAlone, sizes: Sizes) -> list[Figure]:
    """The figures of what was measured."""
    together = f"{sizes.at_once} patients at once"
    busy = f"load of {sizes.rate:g} messages a second from {sizes.patients} patients for {sizes.seconds:g} s"
    late = sizes.turns - AROUND
    waits = [took for _, took in alone.outcome.answered]
    grown = max(alone.memory)[1] - alone.memory[0][1]

    def both(name: str, unit: str, figure: Callable[[Common], float], wanted: Wanted | None = None) -> Figure:
        return Figure(name, unit, figure(ours), figure(stock), wanted)

    return [
        both("start until ready", "s", lambda one: median(one.starts), Wanted("ratio", 0.5)),
        both("reply, median", "ms", lambda one: percentile(one.replies.milliseconds, 50), Wanted("ratio", 0.5)),
        both("reply, 95th of 100", "ms", lambda one: percentile(one.replies.milliseconds, 95)),
        both(f"{together}: replies a second", "/s", lambda one: one.per_second, Wanted("ratio", 2, least=True)),
        both(
            f"{together}: 95th of 100", "ms", lambda one: percentile(one.together.milliseconds, 95), Wanted("ratio", 1)
        ),
        both("messages without a reply so far", "", lambda one: one.unanswered, Wanted("ours", 0)),
        both(
            f"turn {late} over turn {EARLY}",
            "times",
            lambda one: turn_cost(one.turns, EARLY, late, AROUND),
            Wanted("ours", 1.3),
        ),
        both("memory of all processes (PSS) after this", "MiB", lambda one: one.memory, Wanted("ratio", 1.5)),
        Figure(f"{busy}: sent", "", alone.outcome.sent),
        Figure(f"{busy}: reply, median", "ms", percentile(waits, 50)),
        Figure(f"{busy}: reply, 95th of 100", "ms", percentile(waits, 95), wanted=Wanted("ours", 1500)),
        Figure(f"{busy}: lost", "", alone.outcome.lost, wanted=Wanted("ours", 0)),
        Figure(f"{busy}: out of order", "", alone.outcome.out_of_order, wanted=Wanted("ours", 0)),
        Figure(f"{sizes.messages} more messages: memory grown by", "MiB", grown),
        Figure("the second half of them, each thousand", "MiB", growth_per_thousand(sorted(alone.memory))),
        Figure("messages without a reply among them", "", alone.unanswered, wanted=Wanted("ours", 0)),
        Figure("messages of the whole run with an apology for a reply", "", alone.given_up, wanted=Wanted("ours", 0)),
    ]


def _given_up(database: Path) -> int:
    """How many messages our bot said it could not answer, because Rasa failed or was late."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        count: int = connection.execute("SELECT count(*) FROM messages WHERE handling = 'unanswered'").fetchone()[0]
    return count


def _starts(starts: list[Callable[[], AbstractContextManager[Server]]], times: int) -> list[list[float]]:
    taken: list[list[float]] = [[] for _ in starts]
    for _ in range(times + 1):
        for start, seconds in zip(starts, taken, strict=True):
            with start() as server:
                seconds.append(server.ready_seconds)
        say(f"  ready after {', '.join(f'{seconds[-1]:.1f} s' for seconds in taken)} (ours, stock)")
    return [seconds[1:] for seconds in taken]


async def _ours(server: Server, starts: list[float], lines: list[str], sizes: Sizes) -> tuple[Common, OursAlone]:
    async with WidgetFront(server.url) as front:
        common = await _common("ours", front, server, starts, lines, sizes)
        say("ours: which questions can be told by their reply")
        answers = await learn_answers(front)
        say(f"ours: load, with {len(answers)} questions, {sizes.seconds:g} s")
        outcome = await load(front, answers, sizes.patients, sizes.rate, sizes.seconds)
        say(f"ours: {sizes.messages} messages while memory is watched")
        memory, times = await memory_over(front, server, lines, sizes.messages, sizes.at_once)
    return common, OursAlone(outcome, len(answers), memory, times.unanswered, 0)


async def _stock(server: Server, starts: list[float], lines: list[str], sizes: Sizes) -> Common:
    async with StockFront(server.url) as front:
        return await _common("stock", front, server, starts, lines, sizes)


async def _common(
    name: str, front: Front, server: Server, starts: list[float], lines: list[str], sizes: Sizes
) -> Common:
    asked = lines[: sizes.replies]
    say(f"{name}: {len(asked)} replies, one patient at a time")
    await one_at_a_time(front, lines[-sizes.warm_up :])
    replies = await one_at_a_time(front, asked)
    say(f"{name}: {sizes.at_once} patients at once")
    together = await at_once(front, asked, sizes.at_once, sizes.rounds)
    say(f"{name}: {sizes.conversations} conversations of {sizes.turns} turns")
    turns = await long_conversations(front, asked, sizes.conversations, sizes.turns)
    return Common(starts, replies, together, turns, server.memory())
