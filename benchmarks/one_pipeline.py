"""A trained model's understanding, measured in a process of its own in Rasa's environment. Writes a JSON file.

Usage: python -m benchmarks.one_pipeline MODEL LINES OUT
LINES is a JSON list of {"text"}; OUT gets {"load_seconds", "memory_mib", "milliseconds": [one a line],
"readings": [what was parsed]}.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

WARM_UP = 20


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


def main(model: Path, lines: Path, out: Path) -> None:
    """Measure and write."""
    loaded, times, readings = asyncio.run(parse_all(model, json.loads(lines.read_text(encoding="utf-8"))))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"load_seconds": loaded, "memory_mib": peak / 1024, "milliseconds": times, "readings": readings}
    out.write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))
