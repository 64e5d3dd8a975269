"""Every response of domain.yml is sourced, short, and sayable; a walk over all of them."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.care.clinic import Clinic, load_clinic
from bot.care.clinic_sections import Protocol
from bot.care.values import clinic_values
from bot.care.wording import Wording, WordingError
from tests.care.conftest import ROOT

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
SOURCES = {
    "ENG", "FAG", "DHU", "CHU", "SAS", "POR", "BAS", "MAR", "GRA", "PRP", "MNX", "SUN", "EML", "FDA1", "FDA2", "RFM",
    "DEV", "SKP", "YAH", "HLN", "HLS", "PET", "POI", "FIN", "HIV", "ISO", "COST", "CEL", "SEP", "ANA", "LAS", "PEP",
    "K", "house", "clinic",
}  # fmt: skip
# Values that a situation gives, each only to the responses made for it.
SITUATION = {
    "from", "wait", "hours_left", "hours_after", "proposal", "day", "ended", "due", "route", "rf_line", "open_now",
    "closes", "opens", "refuse", "defer", "latest", "told", "name", "activity", "zone",
    "web_chat", "chat_id", "planned", "activity_cap",
}  # fmt: skip
FIGURES = {*Protocol.model_fields, "chat_days", "notice_url", "prices"}
NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("key", RESPONSES)
def test_every_response_is_sourced_and_awaits_review(key: str) -> None:
    for variant in RESPONSES[key]:
        metadata = variant["metadata"]
        assert set(metadata["source"]) <= SOURCES
        assert metadata["source"]
        assert metadata["review"] in {"proposed", "signed"}


@pytest.mark.parametrize("key", RESPONSES)
def test_every_response_is_short(key: str) -> None:
    longest = 90 if key == "utter_telegram_start" else 62  # a start message must say what the law asks for
    assert len(RESPONSES[key][0]["text"].split()) <= longest


@pytest.mark.parametrize("key", RESPONSES)
def test_every_button_fits_and_leads_to_an_intent(key: str) -> None:
    for button in RESPONSES[key][0].get("buttons", []):
        assert 0 < len(button["title"]) <= 30
        intent, _, entities = button["payload"].removeprefix("/").partition("{")
        assert intent in DOMAIN["intents"]
        for entity in yaml.safe_load("{" + entities) if entities else {}:
            assert entity in DOMAIN["entities"]


def test_every_value_a_response_asks_for_exists(clinic: Clinic, wording: Wording) -> None:
    known = set(clinic_values(clinic, NOW)) | SITUATION
    for key in wording:
        assert wording.get(key).fields <= known, key


def test_every_response_with_a_figure_has_a_variant_without(wording: Wording) -> None:
    for key in wording:
        if not key.endswith(("_no_figure", "_ok", "_not_yet")) and wording.get(key).fields & FIGURES:
            assert not wording.get(f"{key}_no_figure").fields & FIGURES, key


@pytest.mark.parametrize("key", [key for key in RESPONSES if key.endswith("_no_figure")])
def test_a_variant_without_figures_needs_none(key: str, wording: Wording) -> None:
    assert not wording.get(key).fields & (FIGURES | {"from", "wait", "hours_left"})
    assert key.removesuffix("_no_figure") in wording


def test_where_the_clinic_set_no_figure_none_is_said(silent_clinic: Clinic, wording: Wording) -> None:
    text = wording.render("utter_washing_hair", **clinic_values(silent_clinic, NOW))
    assert "020 7946 0857" in text
    assert not re.search(r"\d", text.replace("020 7946 0857", ""))


def test_a_missing_value_is_an_error_not_a_brace(wording: Wording) -> None:
    with pytest.raises(WordingError):
        wording.render("utter_session_noted")
    with pytest.raises(WordingError):
        wording.render("utter_no_such_response")


def test_no_patient_wording_hides_in_python() -> None:
    """A sentence among the strings of the code, outside docstrings and errors, would be wording that nobody reviews."""
    sentence = re.compile(r"\b[A-Z][a-z']+,? [a-z']+ [a-z' ]+.*[.?!]")
    for folder in ("bot/care", "actions"):
        for file in sorted((ROOT / folder).glob("*.py")):
            if file.name in {"clinic_errors.py", "clinic.py", "clinic_sections.py", "opening.py", "sign_off_rows.py"}:
                continue  # messages for whoever edits or signs clinic.yml
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                    for inner in ast.walk(node):
                        inner.checked = True  # type: ignore[attr-defined]
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and not hasattr(node, "checked"):
                    assert not sentence.search(node.value), f"{file}: {node.value}"


def test_other_countries_read_their_own_names(tmp_path: Path, wording: Wording) -> None:
    text = (ROOT / "clinic.yml").read_text()
    text = text.replace("painkiller: paracetamol", "painkiller: acetaminophen (Tylenol)").replace('"999"', '"911"')
    (tmp_path / "clinic.yml").write_text(text)
    values = clinic_values(load_clinic(tmp_path / "clinic.yml"), NOW)
    assert "acetaminophen (Tylenol)" in wording.render("utter_pain_relief", **values)
    assert wording.render("utter_call_emergency", **values).startswith("Call 911")
