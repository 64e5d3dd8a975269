"""docs/benchmarks.md, written from the results."""

from typing import Any

HEAD = """# Benchmarks

Written by `make bench`; the figures stand in `benchmarks/results.json` too. Stock is what `rasa init` gives: its
pipeline and policies (DIET, TED and UnexpecTED of 100 epochs, `benchmarks/stock.yml`), with a plain domain in which a
rule answers each intent with a response. Ours and stock are measured in the same run on the same machine. Ratios carry
over to other machines, times do not.
"""
UNDERSTANDING = """## Understanding

On {machine}. Both models learnt from lines of `data/nlu` of up to {longest_words} words, ours from {training_lines} and
stock's from {stock_lines}: DIET pads a batch to its longest line, and with our long stories takes many hours. Training
is of the whole model, dialogue included. Our reader was tuned before, on all lines (`data/reader/card.md`); that time
is not in the table.{kept}

{table}

{triage} messages for triage and {topics} for topics that nothing was tuned on (`data/evaluation`), read without the day
since treatment. Share, count, exact 95 % interval.

| | ours | stock Rasa |
|---|---|---|
{rows}
"""
KEPT = (
    " Stock's model is one that an earlier run on this machine trained, timed and kept, on the lines there were then."
)
SERVING = """## Serving

On {machine}. Ours is `aftercare run`, all its processes, with the trained model, SQLite and the settings of
production; stock is `rasa run` with its REST channel, a model trained on {stock_lines} lines, and no action server.
One runs at a time; the patients are played on the same machine.

- **Start**: from the start of the process until a message has been read, the median of {starts} starts.
- **Reply**: ours from the widget's POST until the reply on the event stream, stored, screened and sealed on the way;
  stock from the POST until its answer. {replies} messages of `data/evaluation`, each in a conversation of its own.
- **Patients at once**: each waits for the reply before writing again, 15 messages a conversation.
- **Turn 200 over turn 5**: medians over four turns on either side, the same messages early and late, in
  {conversations} conversations.
- **Load**: messages come at random instants whether or not the last ones are answered: {questions} questions that are
  told apart by their reply. A reply's time counts from when its message was due. Lost is what was refused or not
  answered within a minute.
- **Limits** stay on: patients come from many addresses of loopback (127.0.x.y), and new ones follow those who have
  written much.

{table}

![Reply times under load, and memory over many messages](pictures/benchmarks.png)
"""


def page(halves: dict[str, Any]) -> str:
    """The results of the halves that were measured as a page of Markdown."""
    parts = [HEAD]
    if known := halves.get("understanding"):
        rows = "\n".join(
            f"| {name} | {_share(both['ours'])} | {_share(both['stock'])} |" for name, both in known["shares"].items()
        )
        times = [figure for figure in known["figures"] if figure["name"] not in known["shares"]]
        kept = KEPT if known["stock_kept"] else ""
        parts.append(UNDERSTANDING.format(**known, **known["lines"], kept=kept, table=table(times), rows=rows))
    if known := halves.get("serving"):
        questions = known["questions_told_apart"]
        parts.append(SERVING.format(**known, **known["sizes"], questions=questions, table=table(known["figures"])))
    return "\n".join(parts)


def table(figures: list[dict[str, Any]]) -> str:
    """Figures (as `Figure.as_dict` gives them) as a table: ours, stock, ratio, and, where there are any, targets."""
    targets = any(figure["wanted"] for figure in figures)
    rows = [["", "ours", "stock Rasa", "ratio", *(["wanted", "met"] if targets else [])]]
    rows.append(["---"] * len(rows[0]))
    for figure in figures:
        unit = figure["unit"]
        row = [figure["name"], _value(figure["ours"], unit), _value(figure["stock"], unit), _value(figure["ratio"])]
        if targets:
            row += [figure["wanted"] or "", {True: "yes", False: "**no**", None: ""}[figure["met"]]]
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _value(value: float | None, unit: str = "") -> str:
    return "-" if value is None else f"{value:g} {unit}".rstrip()


def _share(figure: dict[str, Any]) -> str:
    if figure["share"] is None:
        return "-"
    bounds = f"{figure['low']:.1%} to {figure['high']:.1%}"
    return f"{figure['share']:.1%} ({figure['hits']}/{figure['total']}; {bounds})"
