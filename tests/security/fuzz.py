"""`make fuzz`: at least 100,000 inputs into everything that reads what others wrote. No crash, and none slow.

Slow is more than 100 ms of processor time a kilobyte. The seed is printed; give it again to see the same inputs.
"""

import argparse
import itertools
import logging
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from tests.security.targets import Target, byte_targets, contents, text_targets, texts, tokens_nearly

SLOW = 0.1  # seconds a kilobyte
SHOWN = 200  # characters of an input


def main() -> int:
    """Run it. Out: the exit status, 1 when something crashed or was slow."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--inputs", type=int, default=110_000)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    given = asked.parse_args()
    logging.disable(logging.CRITICAL)
    chance = random.Random(given.seed)
    work: list[tuple[str, Target, Iterator[Any]]] = [
        *((name, target, texts(chance)) for name, target in text_targets().items()),
        *((name, target, contents(chance)) for name, target in byte_targets().items()),
    ]
    targets = text_targets()
    work.append(("enrolment token, nearly right", targets["enrolment token"], tokens_nearly(chance)))
    each, wrong, begun = -(-given.inputs // len(work)), 0, time.monotonic()
    for name, target, inputs in work:
        worst, failures = _try(name, target, itertools.islice(inputs, each))
        wrong += failures
        print(f"{name:32} {each:7} inputs, slowest {1000 * worst:7.1f} ms a kilobyte, {failures} wrong", flush=True)
    print(f"{each * len(work)} inputs, seed {given.seed}, {time.monotonic() - begun:.0f} s, {wrong} wrong")
    return 1 if wrong else 0


def _try(name: str, target: Target, inputs: Iterator[Any]) -> tuple[float, int]:
    worst, failures = 0.0, 0
    for one in inputs:
        try:
            took = _took(target, one)
            if took > SLOW:  # once may be the garbage collector's time, three times is the input's
                took = min(took, _took(target, one), _took(target, one))
        except Exception as error:
            failures += 1
            print(f"{name}: {type(error).__name__}: {error} from {one[:SHOWN]!r}")
            continue
        if took > SLOW:
            failures += 1
            print(f"{name}: {1000 * took:.0f} ms a kilobyte for {len(one)} of {one[:SHOWN]!r}")
        worst = max(worst, took)
    return worst, failures


def _took(target: Target, one: Any) -> float:
    """Seconds of processor time a kilobyte."""
    begun = time.thread_time()
    target(one)
    return (time.thread_time() - begun) / max(1.0, len(one) / 1024)


if __name__ == "__main__":
    sys.exit(main())
