"""The files: as data/nlu and the catalogue write them, each line once, and nothing that stands there already."""

from pathlib import Path

import yaml

from bot.learning.files import NLU_FILE, SIGNS_FILE, known_lines, write_files
from bot.learning.lessons import Lesson, masked, new_only, same_line
from bot.learning.masking import Masker
from bot.learning.topics import TOPICS
from bot.settings import ROOT

LESSONS = [
    Lesson("topic", "may i: swim - #now?", "exercise_sweat"),
    Lesson("topic", "am on warfarin, ok?", "contraindications", "routine"),
    Lesson("topic", "and a sauna", "exercise_sweat"),
    Lesson("wording", "it weeps yellow", "pus"),
    Lesson("lookalike", "my pus-coloured hat", "pus"),
]


def test_topics_are_the_intents_of_the_domain():
    domain = yaml.load((ROOT / "domain.yml").read_text(), Loader=yaml.CSafeLoader)
    kept = {intent for intent in domain["intents"] if not intent.startswith("report_")} - {"nlu_fallback"}
    assert set(TOPICS) == kept


def test_the_nlu_file_reads_as_those_of_the_project(tmp_path: Path):
    nlu, _ = write_files(tmp_path / "out", LESSONS)
    found = yaml.safe_load(nlu.read_text())
    assert found["version"] == "3.1"
    assert found["nlu"] == [
        {
            "intent": "contraindications",
            "metadata": {"tier": "routine"},
            "examples": "- am on warfarin, ok?\n",
        },
        {"intent": "exercise_sweat", "examples": "- may i: swim - #now?\n- and a sauna\n"},
    ]
    assert "examples: |\n" in nlu.read_text()
    assert nlu.stat().st_mode & 0o077 == 0


def test_the_proposals_read_as_the_catalogue_and_want_a_signature(tmp_path: Path):
    _, signs = write_files(tmp_path, LESSONS)
    assert yaml.safe_load(signs.read_text()) == [
        {"sign": "pus", "wordings": ["it weeps yellow"], "lookalikes": ["my pus-coloured hat"]}
    ]
    assert "Signed by:" in signs.read_text()
    assert {file.name for file in tmp_path.iterdir()} == {NLU_FILE, SIGNS_FILE}


def test_what_is_in_the_training_or_evaluation_data_is_left_out_however_it_is_spelt():
    known = set(map(same_line, known_lines(ROOT / "data")))
    assert same_line("do you take klarna") in known  # data/nlu
    assert same_line("Do you sell gift hampers or is that the place next door") in known  # data/evaluation
    lessons = [Lesson("topic", text, "cost") for text in ("Do you take KLARNA??", "new one", "New one!", "  ")]
    assert [one.text for one in new_only(masked(lessons, Masker([])), known)] == ["new one"]
