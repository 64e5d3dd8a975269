"""One NLU pipeline, measured in a process of its own in Rasa's environment. Prints nothing; writes a JSON file.

Usage: python -m benchmarks.one_pipeline CONFIG DATA LINES OUT
CONFIG is a Rasa configuration, DATA a folder of training data, LINES a JSON list of {"text"}; OUT gets
{"training_seconds", "training_cpu_seconds", "load_seconds", "memory_mib", "milliseconds": [one a line],
"readings": [what was parsed]}.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WARM_UP = 20


def train(config: Path, data: Path, folder: Path) -> float:
    """Train NLU alone, without cache, as `rasa train nlu` does. Out: seconds, the interpreter's start included.

    How long it kept the processors busy is then told by `getrusage` of the children: other work on the machine makes
    it no longer.
    """
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", str(config), "--nlu", str(data)]
    started = time.perf_counter()
    subprocess.run(
        [*command, "--out", str(folder), "--fixed-model-name", "bench"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RASA_CACHE_DIRECTORY": str(folder / "cache")},
    )
    return time.perf_counter() - started


async def parse_all(model: Path, lines: list[dict]) -> tuple[float, list[float], list[dict]]:
    """Seconds to load, milliseconds for each line, and the readings."""
    started = time.perf_counter()
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    await agent.parse_message("hello")
    loaded = time.perf_counter() - started
    for line in lines[:WARM_UP]:
        await agent.parse_message(line["text"])
    times, readings = [], []
    for line in lines:
        before = time.perf_counter()
        reading = await agent.parse_message(line["text"])
        times.append((time.perf_counter() - before) * 1000)
        readings.append(
            {
                "intent": (reading.get("intent") or {}).get("name"),
                "topics": reading.get("topics"),
                "tier": (reading.get("triage") or {}).get("tier"),
            }
        )
    return loaded, times, readings


def main(config: Path, data: Path, lines: Path, out: Path) -> None:
    """Measure and write."""
    with tempfile.TemporaryDirectory() as folder:
        training = train(config, data, Path(folder))
        busy = resource.getrusage(resource.RUSAGE_CHILDREN)
        loaded, times, readings = asyncio.run(
            parse_all(Path(folder) / "bench.tar.gz", json.loads(lines.read_text(encoding="utf-8")))
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {
        "training_seconds": training,
        "training_cpu_seconds": busy.ru_utime + busy.ru_stime,
        "load_seconds": loaded,
        "memory_mib": peak / 1024,
        "milliseconds": times,
        "readings": readings,
    }
    out.write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))
