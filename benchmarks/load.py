"""A clinic's busiest minutes: messages come when they come, whether or not the last ones are answered."""

import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from benchmarks.patients import Reply, Sent, WidgetFront, WidgetPatient

QUESTIONS = Path(__file__).with_name("questions.yml")
ENOUGH = 20  # questions told apart, below which order and loss are judged on too few
SEED = 7
TALKS = 4  # in which it is learnt how each question is answered
STRAGGLERS = 60.0  # seconds after the last message until what is unanswered counts as lost


class TooAlikeError(Exception):
    """Too few questions are answered in a way that tells which one was asked."""


@dataclass
class Outcome:
    """What became of the messages: (seconds into the run, milliseconds to the reply) each, and what went wrong.

    `lost`: refused or never answered. `out_of_order`: answered before an earlier one of the same patient.
    """

    answered: list[tuple[float, float]] = field(default_factory=list)
    sent: int = 0
    lost: int = 0
    out_of_order: int = 0


async def load(front: WidgetFront, answers: Mapping[str, str], patients: int, rate: float, seconds: float) -> Outcome:
    """`rate` messages a second in all, at random instants, each of a random patient. `answers`: see `told_apart`."""
    chance = random.Random(SEED)  # noqa: S311
    waiting_room = [await front.patient() for _ in range(patients)]
    talks = [_shuffled(sorted(answers), chance) for _ in waiting_room]
    started = time.perf_counter()
    due = started
    async with asyncio.TaskGroup() as tasks:
        while (due := due + chance.expovariate(rate)) < started + seconds:
            await asyncio.sleep(due - time.perf_counter())
            who = chance.randrange(patients)
            tasks.create_task(waiting_room[who].send(next(talks[who]), due))
    await _stragglers(waiting_room)
    total = Outcome()
    for patient in waiting_room:
        await patient.close()
        account(patient.sent, patient.replies, answers, started, total)
    return total


def account(
    sent: Sequence[Sent], replies: Sequence[Reply], answers: Mapping[str, str], started: float, total: Outcome
) -> None:
    """Add one patient's messages to the total. In: replies as they came; `started` of the run (perf_counter).

    How a reply begins says which message it answers. One that begins as none known does answers the oldest.
    """
    taken = (one for one in sent if one.message_id is not None)
    waiting = sorted(taken, key=lambda one: one.message_id or 0)
    for reply in replies:
        asked = [one for one in waiting if (one.message_id or 0) < reply.message_id]
        begins = beginning(reply.text)
        known = [one for one in asked if answers[one.text] == begins]
        if not asked or (not known and begins in answers.values()):
            continue
        answered = known[0] if known else asked[0]
        total.out_of_order += answered is not asked[0]
        total.answered.append((answered.at - started, (reply.at - answered.at) * 1000))
        waiting.remove(answered)
    total.sent += len(sent)
    total.lost += len(waiting) + sum(one.message_id is None for one in sent)


def told_apart(talks: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, str]:
    """The questions by whose reply one can tell that it is theirs, with how it begins.

    In: what each question was answered in several conversations, as the texts of one reply. Kept are those that were
    answered by one text, which began the same each time and as that of no other question that is kept.
    """
    kept: dict[str, str] = {}
    for question in talks[0]:
        replies = {tuple(map(beginning, talk[question])) for talk in talks}
        texts = replies.pop()
        if not replies and len(texts) == 1 and texts[0] not in kept.values():
            kept[question] = texts[0]
    return kept


def beginning(reply: str) -> str:
    """The first paragraph; what follows depends on what was said before."""
    return reply.partition("\n\n")[0]


async def learn_answers(front: WidgetFront) -> dict[str, str]:
    """Ask all of QUESTIONS in some conversations, each in another order. Out: those of `told_apart`.

    Raises TooAlikeError when those are fewer than ENOUGH.
    """
    chance = random.Random(SEED)  # noqa: S311
    questions: list[str] = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    orders = [chance.sample(questions, len(questions)) for _ in range(TALKS)]
    answers = told_apart(await asyncio.gather(*(_asked(front, order) for order in orders)))
    if len(answers) < ENOUGH:
        raise TooAlikeError(f"only {len(answers)} of {QUESTIONS.name} are told apart by their reply: put others there")
    return answers


async def _asked(front: WidgetFront, questions: Sequence[str]) -> dict[str, list[str]]:
    patient = await front.patient()
    for question in questions:
        await patient.ask(question)
    await asyncio.sleep(1)  # the rest of the last reply
    await patient.close()
    ids = [one.message_id or 0 for one in patient.sent]
    return {
        one.text: [reply.text for reply in patient.replies if first < reply.message_id < after]
        for one, first, after in zip(patient.sent, ids, [*ids[1:], 1 << 62], strict=True)
    }


def _shuffled(questions: list[str], chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(questions, len(questions))


async def _stragglers(patients: Sequence[WidgetPatient]) -> None:
    """Wait until as many replies are there as messages were taken, but not for ever."""

    def missing() -> bool:
        return any(len(one.replies) < sum(sent.message_id is not None for sent in one.sent) for one in patients)

    end = time.perf_counter() + STRAGGLERS
    while missing() and time.perf_counter() < end:  # noqa: ASYNC110 - 300 streams, no one event
        await asyncio.sleep(0.2)
