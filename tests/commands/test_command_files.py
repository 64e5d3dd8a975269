"""Files that commands read: what is wrong is named with the file and the line, and a process with its log."""

from pathlib import Path

import pytest

from bot.commands.evaluation import EvaluationError, read_lines
from bot.commands.training import fingerprint
from bot.processes import Part, ProcessError, running


def file(tmp_path: Path, text: str, name: str = "file.yml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"id": "1", "text": "a", "tier": "none"}\n{"id": "2", "text"', ":2 is not JSON"),
        ('\n{"id": "1", "text": "a"}', ":2 lacks tier"),
        ("[1, 2]", ":1 is no object"),
        ("7", ":1 is no object"),
        ('{"id": "1", "text": "a", "tier": "soon"}', ":1 has the unknown tier 'soon'"),
    ],
)
def test_a_wrong_evaluation_file_names_the_file_and_the_line(tmp_path: Path, text: str, told: str):
    path = file(tmp_path, text, "triage.jsonl")
    with pytest.raises(EvaluationError) as caught:
        read_lines(path, {"id", "text", "tier"})
    assert f"{path}{told}" in str(caught.value)


def test_an_evaluation_file_is_read_whole(tmp_path: Path):
    path = file(
        tmp_path, '{"id": "1", "text": "a\u2028b", "tier": "none"}\n\n{"id": "2", "text": "b", "tier": "urgent"}\n'
    )
    assert [line["id"] for line in read_lines(path, {"id", "text", "tier"})] == ["1", "2"]


def test_a_process_that_does_not_start_names_its_log(tmp_path: Path):
    part = Part("rasa", ["/bin/sh", "-c", "echo no model >&2; exit 3"], {}, "http://127.0.0.1:9/")
    with pytest.raises(ProcessError) as caught, running([part], tmp_path / "log", seconds=5):
        pass
    assert str(tmp_path / "log" / "rasa.log") in str(caught.value)
    assert (tmp_path / "log" / "rasa.log").read_text() == "no model\n"


def test_the_model_s_fingerprint_stands_while_nothing_changes():
    assert fingerprint() == fingerprint()
