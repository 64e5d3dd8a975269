"""The files: lessons as training data of Rasa and as proposals for the catalogue; and the lines there are already."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.learning.lessons import Lesson
from bot.yaml_file import read_yaml

NLU_FILE = "reviewed.yml"
SIGNS_FILE = "red_flag_proposals.yml"
_NLU_HEAD = (
    "# Messages that staff have reviewed, personal data masked, from patients who agreed. Read every line against\n"
    "# docs/labelling.md, then put this file into data/nlu and run: make train\n"
)
_SIGNS_HEAD = (
    "# Proposals for data/red_flags, found in reviews. A clinician signs each line before it goes to its sign:\n"
    "# wordings are messages whose sign was missed, lookalikes were called this sign and are not.\n"
    "# Signed by:                                  Date:\n"
)


class _Block(str):
    """Text that YAML writes as a block, a line each."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """YAML as the files of data/ are written."""


def _write_block(dumper: yaml.SafeDumper, block: _Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(block), style="|")


_Dumper.add_representer(_Block, _write_block)


def nlu_yaml(lessons: Sequence[Lesson]) -> str:
    """The topic lessons as a file of data/nlu: one block for a topic and tier."""
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for lesson in lessons:
        if lesson.kind == "topic":
            blocks[lesson.label, lesson.tier].append(lesson.text)
    nlu = [_nlu_block(topic, tier, lines) for (topic, tier), lines in sorted(blocks.items())]
    return _NLU_HEAD + _dump({"version": "3.1", "nlu": nlu})


def proposals_yaml(lessons: Sequence[Lesson]) -> str:
    """The sign lessons in the form of the catalogue: sign, wordings, lookalikes."""
    signs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for lesson in lessons:
        if lesson.kind != "topic":
            signs[lesson.label][f"{lesson.kind}s"].append(lesson.text)
    return _SIGNS_HEAD + _dump([{"sign": sign, **dict(sorted(lines.items(), reverse=True))} for sign, lines in
                                sorted(signs.items())])  # fmt: skip


def known_lines(data: Path) -> Iterator[str]:
    """Every line of the training data and of the sets kept apart from it; `data` is the project's data folder."""
    for file in sorted((data / "nlu").glob("*.yml")):
        for block in read_yaml(file)["nlu"]:
            yield from (line.removeprefix("- ") for line in str(block.get("examples", "")).splitlines())
    for file in sorted((data / "evaluation").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield str(json.loads(line)["text"])


def write_files(folder: Path, lessons: Sequence[Lesson]) -> tuple[Path, Path]:
    """Write both files, readable by this account alone. Out: where the training data and the proposals are."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    nlu, signs = folder / NLU_FILE, folder / SIGNS_FILE
    for path, content in ((nlu, nlu_yaml(lessons)), (signs, proposals_yaml(lessons))):
        path.touch(mode=0o600)
        path.write_text(content, encoding="utf-8")
    return nlu, signs


def _nlu_block(topic: str, tier: str, lines: Iterable[str]) -> Mapping[str, Any]:
    block: dict[str, Any] = {"intent": topic}
    if tier != "none":
        block["metadata"] = {"tier": tier}
    return {**block, "examples": _Block("".join(f"- {line}\n" for line in lines))}


def _dump(content: Any) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
