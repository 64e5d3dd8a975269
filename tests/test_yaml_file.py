"""YAML as it is written: no key twice, and patients' words are words."""

from pathlib import Path

import pytest

from bot.yaml_file import RepeatedKeyError, read_words, read_yaml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.yml"


@pytest.mark.parametrize("read", [read_yaml, read_words])
def test_a_key_written_twice_is_refused_with_its_line(file: Path, read):
    file.write_text("a: 1\nb: {c: 1}\na: 2\n")
    with pytest.raises(RepeatedKeyError, match=r"'a' is written twice \(line 3\)"):
        read(file)


def test_yes_and_no_are_words_where_patients_words_are_read(file: Path):
    file.write_text("before: no\npatterns: [yes, on, off, y, N, 'no', true, 3, no one]\n")
    assert read_words(file) == {
        "before": "no",
        "patterns": ["yes", "on", "off", "y", "N", "no", True, 3, "no one"],
    }
    file.write_text("offer: no\n")
    assert read_yaml(file) == {"offer": False}
