"""Both models, each trained once by `rasa train` on the same lines: ours with our domain, stock with a plain one."""

import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.processes import RASA_PYTHON, quiet_environment
from bot.settings import ROOT, Settings

STOCK = ROOT / "benchmarks" / "stock.yml"
# Three paths of the shape that `rasa init` gives, so that TED and UnexpecTED have something to learn and to predict.
PATHS = (("greet", "thanks"), ("greet", "anger", "affirm"), ("greet", "anger", "deny", "goodbye"))


@dataclass(frozen=True)
class Trained:
    """A model and what training it took, in seconds on the clock and of the processors; None: trained before."""

    model: Path
    seconds: float | None = None
    cpu_seconds: float | None = None


def shortened_data(folder: Path, longest: int) -> int:
    """Copy data/nlu without lines of more than `longest` words. Out: how many lines are left."""
    return sum(shortened(file, folder / file.name, longest) for file in (ROOT / "data" / "nlu").glob("*.yml"))


def shortened(source: Path, target: Path, longest: int) -> int:
    """Copy a file of training data without its longer lines. Out: how many lines are left."""
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    count = 0
    for block in content["nlu"]:
        lines = [line for line in block["examples"].splitlines() if len(line.split()) <= longest + 1]
        block["examples"] = "".join(f"{line}\n" for line in lines)
        count += len(lines)
    content["nlu"] = [block for block in content["nlu"] if block["examples"]]
    target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return count


def train_ours(settings: Settings, lines: Path, folder: Path) -> Trained:
    """Our whole model on these lines. Raises subprocess.CalledProcessError when it cannot be trained."""
    data = [lines, ROOT / "data" / "stories"]
    return _trained(settings, ROOT / "config.yml", ROOT / "domain.yml", data, folder / "ours.tar.gz")


def train_stock(settings: Settings, lines: Path, folder: Path, config: Path = STOCK) -> Trained:
    """Stock's whole model on these lines. Raises subprocess.CalledProcessError when it cannot be trained."""
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    domain, rules = folder / "domain.yml", folder / "rules.yml"
    domain.write_text(yaml.safe_dump(plain_domain(intents)), encoding="utf-8")
    rules.write_text(yaml.safe_dump(plain_rules(intents), sort_keys=False), encoding="utf-8")
    return _trained(settings, config, domain, [lines, rules], folder / "stock.tar.gz")


def plain_domain(intents: list[str]) -> dict[str, Any]:
    """A domain in which each intent has one response of its own, and nothing else."""
    return {
        "version": "3.1",
        "intents": intents,
        "responses": {
            f"utter_{intent}": [{"text": f"This is about {intent.replace('_', ' ')}."}] for intent in intents
        },
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def plain_rules(intents: list[str]) -> dict[str, Any]:
    """A rule an intent, and the few stories."""

    def steps(*path: str) -> list[dict[str, str]]:
        return [step for intent in path for step in ({"intent": intent}, {"action": f"utter_{intent}"})]

    return {
        "version": "3.1",
        "rules": [{"rule": f"answer {intent}", "steps": steps(intent)} for intent in intents],
        "stories": [{"story": " ".join(path), "steps": steps(*path)} for path in PATHS],
    }


def _trained(settings: Settings, config: Path, domain: Path, data: list[Path], model: Path) -> Trained:
    command = [
        *(str(RASA_PYTHON), "-m", "rasa", "train", "--config", str(config), "--domain", str(domain)),
        *("--data", *map(str, data), "--out", str(model.parent)),
        *("--fixed-model-name", model.name.removesuffix(".tar.gz")),
    ]
    environment = {**quiet_environment(settings), "RASA_CACHE_DIRECTORY": str(model.parent / f"cache-{model.name}")}
    before, started = _children_cpu(), time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Trained(model, time.perf_counter() - started, _children_cpu() - before)


def _children_cpu() -> float:
    # Other work on the machine makes it no longer.
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
