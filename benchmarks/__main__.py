"""`make bench`: measure, write benchmarks/results.json, docs/benchmarks.md and its picture."""

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.page import page
from benchmarks.pipelines import compare
from benchmarks.plots import plot
from benchmarks.progress import say
from benchmarks.serving import Sizes, measure
from benchmarks.training import Trained, shortened_data, train_ours, train_stock
from bot.commands.evaluation import read_lines
from bot.settings import ROOT, Settings, load_settings

RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "pictures" / "benchmarks.png"
STOCK_MODEL = ROOT / "models" / "stock.tar.gz"  # kept: --stock-model takes it while the benchmark is worked on
NOTED = "stock.json"  # beside the model: what its training took
HALVES = ("understanding", "serving")


def main() -> None:
    """Both halves, one after the other; what is finished is written, so that a fault in the second loses nothing."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped on the way out
    given = _arguments()
    settings = load_settings()
    _check_nobody_is_disturbed(settings)
    triage = read_lines(ROOT / "data" / "evaluation" / "triage.jsonl", {"id", "text", "tier"})
    topics = read_lines(ROOT / "data" / "evaluation" / "topics.jsonl", {"id", "text", "topic"})
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data = Path(folder) / "nlu"
        data.mkdir()
        lines = shortened_data(data, given.longest)
        stock, stock_lines = _stock(settings, data, lines, Path(folder), given.stock_model)
        learnt = {
            "training_lines": lines,
            "stock_lines": stock_lines,
            "longest_words": given.longest,
            "stock_kept": given.stock_model is not None,
        }
        if given.only != "serving":
            say("training ours")
            ours = train_ours(settings, data, Path(folder))
            read = {"lines": {"triage": len(triage), "topics": len(topics)}}
            _write("understanding", {**learnt, **read, **compare(settings, ours, stock, triage, topics)})
        if given.only != "understanding":
            sizes = Sizes(messages=given.messages, patients=given.patients, seconds=given.seconds)
            measured = measure(settings, stock.model, [line["text"] for line in topics], sizes)
            plot(*measured.pop("points"), PICTURE)
            _write("serving", {**learnt, **measured})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure us beside stock Rasa.")
    parser.add_argument("--longest", type=int, default=12, help="words of the longest training line used (%(default)s)")
    parser.add_argument("--only", choices=HALVES, help="measure this half and keep the other as it was")
    parser.add_argument("--messages", type=int, default=Sizes.messages, help="while memory is watched (%(default)s)")
    parser.add_argument("--patients", type=int, default=Sizes.patients, help="of the load (%(default)s)")
    parser.add_argument("--seconds", type=float, default=Sizes.seconds, help="the load lasts (%(default)s)")
    parser.add_argument("--stock-model", type=Path, help="one of stock's that an earlier run has kept, timed")
    return parser.parse_args()


def _check_nobody_is_disturbed(settings: Settings) -> None:
    """The stack that is measured reads .env too, and must not poll a real Telegram or page real staff."""
    named = ("telegram_token", "redis_url", "alert_urls", "alert_backup_urls", "database_url")
    if found := [f"AFTERCARE_{name.upper()}" for name in named if _is_set(getattr(settings, name))]:
        sys.exit(f"benchmarks: take {', '.join(found)} out of .env and the environment while this runs")


def _is_set(value: Any) -> bool:
    return bool(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def _stock(settings: Settings, data: Path, lines: int, folder: Path, given: Path | None) -> tuple[Trained, int]:
    """Stock's model, trained on the `lines` lines of `data` unless one is given, and how many lines it learnt from."""
    if given is not None:
        noted = json.loads(given.with_name(NOTED).read_text(encoding="utf-8"))
        return Trained(given.resolve(), noted["seconds"], noted["cpu_seconds"]), noted["lines"]
    say("training stock, most of the time this takes")
    trained = train_stock(settings, data, folder)
    shutil.copy(trained.model, STOCK_MODEL)
    noted = {"lines": lines, "seconds": trained.seconds, "cpu_seconds": trained.cpu_seconds}
    STOCK_MODEL.with_name(NOTED).write_text(json.dumps(noted) + "\n", encoding="utf-8")
    return trained, lines


def _write(half: str, measured: dict[str, Any]) -> None:
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    halves = {name: known[name] for name in HALVES if name in known} | {half: {"machine": _machine(), **measured}}
    flat = [{"part": name, **figure} for name in HALVES if name in halves for figure in halves[name]["figures"]]
    RESULTS.write_text(json.dumps({"figures": flat, **halves}, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(halves), encoding="utf-8")
    say(f"{half}: written")


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
