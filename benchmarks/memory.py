"""Our memory over many messages."""

import asyncio
from collections.abc import Sequence

from benchmarks.conversations import MESSAGES_EACH, Times
from benchmarks.patients import WidgetFront
from benchmarks.servers import Server

SAMPLES = 100


async def memory_over(
    front: WidgetFront, server: Server, lines: Sequence[str], messages: int, patients: int
) -> tuple[list[tuple[int, float]], Times]:
    """So many messages in conversations of 15, several at a time. Out: (messages so far, MiB) and the times."""
    times = Times()
    samples = [(0, server.memory())]
    step = max(messages // SAMPLES, 1)
    numbers = iter(range(messages))

    async def sit() -> None:
        patient = await front.patient()
        for written, number in enumerate(numbers, 1):
            await times.ask(patient, lines[number % len(lines)])
            if (number + 1) % step == 0:
                samples.append((number + 1, await asyncio.to_thread(server.memory)))
            if written % MESSAGES_EACH == 0:
                await patient.close()
                patient = await front.patient()
        await patient.close()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(patients):
            tasks.create_task(sit())
    return samples, times
