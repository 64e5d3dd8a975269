"""docs/benchmarks.md, written from the results."""

from typing import Any

TIMES = {
    "training_seconds": ("training, no cache", "s"),
    "training_cpu_seconds": ("training, processor time", "s"),
    "load_seconds": ("load until the first reading", "s"),
    "parse_p50_ms": ("reading a message, median", "ms"),
    "parse_p95_ms": ("reading a message, 95th of 100", "ms"),
    "memory_mib": ("largest resident memory", "MiB"),
}
FIGURES = {
    "triage": {
        "emergency_at_least_urgent": "emergencies given urgent or more",
        "emergency_recall": "emergencies given emergency",
        "urgent_recall": "urgent given urgent or more",
        "routine_at_least_routine": "routine given routine or more",
        "false_alarms": "harmless given urgent or more",
        "false_call_backs": "harmless given routine",
        "under_triage": "given less than labelled, all lines",
    },
    "topics": {
        "topic_strict": "topic, strict",
        "topic_lenient": "topic, either of two asked",
        "out_of_scope_recall": "out of scope found",
        "in_scope_refused": "in scope refused",
    },
}


def page(result: dict[str, Any]) -> str:
    """The results as a page of Markdown; what `make bench` measured last, nothing else."""
    pipelines = result["pipelines"]
    ours, stock = pipelines["ours"], pipelines["stock"]
    rows = [
        f"| {name} | {ours[key]} {unit} | {stock[key]} {unit} | {ours[key] / stock[key]:.2f} |"
        for key, (name, unit) in TIMES.items()
    ]
    shares = [
        f"| {name} | {_share(ours[part][key])} | {_share(stock[part][key])} |"
        for part, names in FIGURES.items()
        for key, name in names.items()
    ]
    lines = result["lines"]
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench`. Both pipelines learnt from the same lines of `data/nlu` and read the same",
            f"messages in the same run, on {result['machine']}. Ratios carry over to other machines, times do not.",
            "Stock is the configuration that `rasa init` gives (DIET, 100 epochs): `benchmarks/stock.yml`.",
            "",
            f"They learnt from the {pipelines['training_lines']} lines of up to {pipelines['longest_words']} words:",
            "DIET pads a batch to its longest line, and with our long stories takes many hours. Our reader was tuned",
            "before, on all lines (`data/reader/card.md`); that time is not in the table.",
            "",
            "## Understanding: time and memory",
            "",
            "| | ours | stock Rasa | ratio |",
            "|---|---|---|---|",
            *rows,
            "",
            "## Understanding: figures",
            "",
            f"{lines['triage']} messages for triage and {lines['topics']} for topics that nothing was tuned on",
            "(`data/evaluation`), read without the day since treatment. Share, count, exact 95 % interval.",
            "",
            "| | ours | stock Rasa |",
            "|---|---|---|",
            *shares,
            "",
        ]
    )


def _share(figure: dict[str, Any]) -> str:
    if figure["share"] is None:
        return "-"
    bounds = f"{figure['low']:.1%} to {figure['high']:.1%}"
    return f"{figure['share']:.1%} ({figure['hits']}/{figure['total']}; {bounds})"
