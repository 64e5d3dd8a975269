"""How patients take turns; against a front that answers at once."""

from dataclasses import dataclass, field

from benchmarks.conversations import at_once, long_conversations, one_at_a_time
from benchmarks.patients import Unanswered


@dataclass
class Echo:
    """A patient whose reply takes as many milliseconds as the message has letters; "no" gets none."""

    asked: list[str] = field(default_factory=list)
    left: bool = False

    async def ask(self, text: str) -> float:
        self.asked.append(text)
        if text == "no":
            raise Unanswered
        return float(len(text))

    async def close(self) -> None:
        self.left = True


@dataclass
class Door:
    """Where they come in."""

    patients: list[Echo] = field(default_factory=list)

    async def patient(self) -> Echo:
        self.patients.append(Echo())
        return self.patients[-1]


async def test_one_at_a_time_each_message_is_a_new_patients():
    door = Door()
    times = await one_at_a_time(door, ["a", "no", "ccc"])
    assert (times.milliseconds, times.unanswered) == ([1.0, 3.0], 1)
    assert [patient.asked for patient in door.patients] == [["a"], ["no"], ["ccc"]]
    assert all(patient.left for patient in door.patients)


async def test_at_once_each_patient_writes_fifteen_times_and_others_follow():
    door = Door()
    times = await at_once(door, ["a", "bb"], patients=3, rounds=2)
    assert len(times.milliseconds) == 3 * 2 * 15
    assert {len(patient.asked) for patient in door.patients} == {15}
    assert times.seconds > 0


async def test_a_long_conversation_asks_the_same_early_and_late():
    door = Door()
    lines = [f"{number}" for number in range(20)]
    times = await long_conversations(door, lines, conversations=2)
    assert [len(one) for one in times] == [204, 204]
    asked = door.patients[0].asked
    assert sorted(asked[0:9]) == sorted(asked[195:204])
