"""What runs inside Rasa, asked in Rasa's own environment: pieces, reader, heads, the red-flag gate, and its data."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.processes import MODEL, RASA_PYTHON, quiet_environment
from bot.settings import ROOT, Settings

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(not RASA_PYTHON.exists(), reason="the Rasa environment is missing: run `make setup`"),
]

TEXTS = [
    "It is red. It also hurts a lot today! Should I worry?",
    "Hi. Yes. No. It oozes since this morning.",
    "day two\nmy scalp is wet and sticky\nis that ok",
    "one line without any end",
    "",
    " ... !!! ",
    "38.5 degrees since 3 p.m. and shivering",
]


def in_rasa(
    *words: str, given: str = "", warnings: str = "ignore", seconds: float = 240
) -> subprocess.CompletedProcess[str]:
    environment = {**quiet_environment(Settings(_env_file=None)), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": warnings}
    return subprocess.run(
        [RASA_PYTHON, *words], cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=False,
        timeout=seconds,
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    done = in_rasa("tests/understanding/probe.py", given=json.dumps(TEXTS))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_message_is_cut_into_its_sentences(found):
    assert found["pieces"][TEXTS[0]] == ["It is red. It also hurts a lot today!", "Should I worry?"]
    assert found["pieces"][TEXTS[2]] == ["day two my scalp is wet and sticky", "is that ok"]
    assert found["pieces"][TEXTS[3]] == [TEXTS[3]]


def test_a_short_sentence_is_joined_to_the_next_and_none_is_empty(found):
    assert found["pieces"][TEXTS[1]] == ["Hi. Yes. No. It oozes since this morning."]
    assert found["pieces"][""] == []
    assert all(piece.strip() for cut in found["pieces"].values() for piece in cut)


@pytest.mark.parametrize("text", TEXTS)
def test_no_word_is_lost_in_cutting(found, text: str):
    assert set(" ".join(found["pieces"][text]).split()) == set(text.split())


def test_an_endless_sentence_is_cut_into_overlapping_stretches(found):
    whole, cut = found["endless"]
    stretches = [piece.split() for piece in cut]
    assert all(len(words) <= found["long"] for words in stretches)
    assert set(whole.split()) == {word for words in stretches for word in words}
    assert all(set(one) & set(two) for one, two in pairwise(stretches))


def test_the_reader_knows_what_plain_messages_are_about(found):
    assert found["network"]["topics"][0] == "washing_hair"
    assert found["network"]["topics"][2] == "thanks"
    assert found["network"]["tiers"] == ["none", "urgent", "none"]
    assert found["network"]["sums"] == pytest.approx([1] * 6, abs=1e-4)
    assert [rows for rows, _ in found["network"]["empty"]] == [0, 0]


def test_a_reader_that_is_not_the_one_of_its_card_is_refused_with_the_mend(found):
    assert found["changed"].startswith("FOLDER/reader.onnx is not the one of reader.json (sha256 ")
    assert found["changed"].endswith("`git checkout data/reader`, or `make tune`")
    assert found["missing"] == "FOLDER/reader.onnx is missing: `git checkout data/reader`, or `make tune`"


def test_both_opinions_count_half_and_an_unknown_label_has_the_head_alone(found):
    cost, greet, new = 0.1 + 0.25, 0.1, 0.3
    total = cost + greet + new
    assert found["opinions"] == [pytest.approx([cost / total, greet / total, new / total], abs=1e-3)]


def test_a_head_that_was_kept_says_the_same_again(found):
    assert found["head"]["same"]
    assert found["head"]["sums"] == pytest.approx([1] * 6)
    assert found["head"]["best"] == ["urgent", "urgent", "greet", "greet", "cost", "cost"]


@pytest.mark.parametrize(
    ("case", "tier"),
    [
        ("raised", "urgent"),
        ("emergency", "emergency"),
        ("together", "urgent"),
        ("routine", "routine"),
        ("nothing", "none"),
    ],
)
def test_the_classifier_raises_what_the_catalogue_does_not_know(found, case: str, tier: str):
    verdict = found[case]["triage"]
    assert verdict["tier"] == tier
    if tier != "none":
        [sign] = verdict["signs"]
        assert (sign["layer"], sign["tier"], sign["evidence"]) == ("classifier", tier, "the place behind my parting")


def test_a_harmless_reading_with_some_risk_left_is_asked_about(found):
    assert (found["doubt"]["triage"]["tier"], found["doubt"]["doubtful"]) == ("none", True)
    assert (found["off"]["triage"]["tier"], found["off"]["doubtful"]) == ("none", True)
    assert not found["nothing"]["doubtful"]
    assert not found["raised"]["doubtful"]


def test_a_sure_classifier_never_lowers_what_the_catalogue_saw(found):
    assert found["two_signs"]["triage"]["tier"] == "urgent"
    assert {sign["layer"] for sign in found["two_signs"]["triage"]["signs"]} == {"catalogue"}


def test_the_classifier_raises_above_the_catalogue_and_keeps_its_signs(found):
    assert found["surer"]["triage"]["tier"] == "emergency"
    assert {sign["layer"] for sign in found["surer"]["triage"]["signs"]} == {"catalogue", "classifier"}


def test_a_word_that_stands_alone_is_asked_about_unless_the_classifier_sees_risk_too(found):
    assert (found["alone"]["triage"]["tier"], found["alone"]["doubtful"]) == ("none", True)
    assert [low["id"] for low in found["alone"]["triage"]["lowered"]] == ["seizure"]
    assert (found["supported"]["triage"]["tier"], found["supported"]["doubtful"]) == ("emergency", False)


def test_where_each_sign_was_denied_the_classifier_has_to_be_surer(found):
    assert found["denied"]["triage"]["tier"] in ("none", "routine")
    assert found["denied_but_sure"]["triage"]["tier"] == "urgent"


def test_a_sign_in_the_middle_of_a_story_decides(found):
    verdict, story = found["piece"]["triage"], found["piece"]["story"]
    assert verdict["tier"] == "urgent"
    [sign] = verdict["signs"]
    assert story[sign["start"] : sign["end"]] == sign["evidence"] == "Something odd happened in the night."
    assert story in found["piece"]["asked"]


def test_the_verdict_that_the_bot_hands_over_counts_without_another_screening(found):
    assert found["handed"]["triage"]["tier"] == "urgent"
    assert found["handed"]["triage"]["signs"][0]["evidence"] == "something"


def test_a_verdict_of_a_day_on_which_other_signs_count_is_not_taken_over(found):
    assert found["handed_of_another_day"]["triage"]["tier"] == "none"


def test_the_gate_says_the_same_with_the_bots_verdict_and_without(found):
    tiers = [with_it["triage"]["tier"] for with_it, _ in found["handed_as_screened"]]
    assert {"none", "urgent"} <= set(tiers)
    assert all(with_it == without for with_it, without in found["handed_as_screened"])


def test_a_sentence_whose_sign_is_settled_is_not_raised_and_another_is(found):
    settled = found["settled"]["triage"]
    assert (settled["tier"], [sign["id"] for sign in settled["signs"]]) == ("urgent", ["eye_product"])
    assert found["settled_beside_another"]["triage"]["tier"] == "emergency"


def test_what_is_known_of_the_patient_counts_in_the_gate_too(found):
    assert found["known_risk"]["triage"]["tier"] == "emergency"
    assert found["open_sign"]["triage"]["tier"] == "emergency"


def test_of_a_blank_message_there_is_nothing_to_judge(found):
    assert found["blank"]["triage"] == {"tier": "none", "signs": [], "lowered": [], "told": []}


def test_a_flagged_message_is_a_report_whatever_it_asked(found):
    flagged = found["flagged"]
    assert flagged["intent"] == {"name": "report_urgent", "confidence": 1.0}
    assert flagged["intent_ranking"][0]["name"] == "report_urgent"
    assert flagged["topics"][0] == "washing_hair"


def test_a_harmless_message_keeps_its_intent_and_its_second_topic(found):
    assert found["harmless"]["intent"]["name"] == "washing_hair"
    assert found["harmless"]["topics"] == ["washing_hair", "alcohol_smoking"]
    assert found["harmless"]["triage"]["tier"] == "none"


def test_a_second_question_in_a_sentence_of_its_own_is_a_topic_too(found):
    assert found["two"]["topics"] == ["washing_hair", "alcohol_smoking"]


def test_a_button_is_no_message_to_be_judged(found):
    assert found["button"]["triage"] == {"tier": "none", "signs": [], "lowered": [], "told": []}
    assert not found["button"]["read"]
    assert found["button"]["intent"]["name"] == found["blank"]["intent"]["name"] == "nlu_fallback"


def test_rasa_finds_no_fault_or_conflict_in_the_data():
    data = ("--domain", "domain.yml", "--config", "config.yml", "--data", "data/nlu", "data/stories")
    done = in_rasa("-m", "rasa", "data", "validate", *data, warnings="default")
    output = done.stdout + done.stderr
    told = [line for line in output.splitlines() if "UserWarning" in line or " WARNING " in line or " ERROR " in line]
    # Actions say the utterances, so no story does.
    others = [
        line for line in told if "is not used in any story or rule" not in line or "utterance 'utter_" not in line
    ]
    assert (done.returncode, others) == (0, []), output[-3000:]


@pytest.mark.skipif(not MODEL.exists(), reason="there is no trained model: run `make train`")
@pytest.mark.skipif(not (ROOT / "tests" / "stories").exists(), reason="there are no test stories")
def test_no_test_story_fails(tmp_path: Path):
    stories = ("--stories", "tests/stories", "--model", str(MODEL), "--out", str(tmp_path))
    done = in_rasa("-m", "rasa", "test", "core", *stories)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "None of the test stories failed" in (tmp_path / "failed_test_stories.yml").read_text()
    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["conversation_accuracy"]["accuracy"] == 1
