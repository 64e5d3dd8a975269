"""The measures that ours and stock share: one patient at a time, many at once, and a long conversation."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.patients import PATIENCE, Front, Patient, Unanswered

MESSAGES_EACH = 15  # of one of many patients; the widget's limit is 20 at once
LATE, EARLY, AROUND = 200, 5, 4  # turns compared, and how many on either side are looked at


@dataclass
class Times:
    """Milliseconds of replies, and how many messages got none."""

    milliseconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    seconds: float = 0.0  # from the first message to the last reply

    async def ask(self, patient: Patient, text: str) -> None:
        """Ask and note how long it took."""
        try:
            self.milliseconds.append(await patient.ask(text))
        except Unanswered:
            self.unanswered += 1


async def one_at_a_time(front: Front, lines: Sequence[str]) -> Times:
    """Each message in a conversation of its own, one after the other."""
    times, started = Times(), time.perf_counter()
    for line in lines:
        patient = await front.patient()
        await times.ask(patient, line)
        await patient.close()
    times.seconds = time.perf_counter() - started
    return times


async def at_once(front: Front, lines: Sequence[str], patients: int, rounds: int) -> Times:
    """So many patients, each of whom waits for the reply before writing again, 15 times; then others, `rounds` times.

    The clock runs while they write, not while they come and go.
    """
    times = Times()
    for number in range(rounds):
        sitting = [await front.patient() for _ in range(patients)]
        started = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for seat, patient in enumerate(sitting):
                first = (number * patients + seat) * MESSAGES_EACH
                mine = [lines[(first + turn) % len(lines)] for turn in range(MESSAGES_EACH)]
                tasks.create_task(_talk(times, patient, mine))
        times.seconds += time.perf_counter() - started
        for patient in sitting:
            await patient.close()
    return times


async def _talk(times: Times, patient: Patient, lines: Sequence[str]) -> None:
    for line in lines:
        await times.ask(patient, line)


async def long_conversations(
    front: Front, lines: Sequence[str], conversations: int, turns: int = LATE + AROUND
) -> list[list[float]]:
    """Milliseconds of each turn of some conversations that go on in turn, one message on its way at a time.

    The same messages come round, so that early and late turns ask the same. A turn without a reply counts as a minute.
    """
    asked = lines[: 2 * AROUND + 1]
    patients = [await front.patient() for _ in range(conversations)]
    times: list[list[float]] = [[] for _ in patients]
    for turn in range(turns):
        for patient, mine in zip(patients, times, strict=True):
            try:
                mine.append(await patient.ask(asked[turn % len(asked)]))
            except Unanswered:
                mine.append(PATIENCE * 1000)
    for patient in patients:
        await patient.close()
    return times
