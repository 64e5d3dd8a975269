"""`aftercare clinic check`: the protocol in plain words, and its signing."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.care.clinic import ClinicError
from bot.care.sign_off_rows import ROWS
from bot.cli import app
from bot.commands.approving import sheet, sign, warning
from bot.settings import ROOT

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)


@pytest.fixture
def clinic_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "clinic.yml"
    shutil.copy(ROOT / "clinic.yml", file)
    monkeypatch.setenv("AFTERCARE_CLINIC_FILE", str(file))
    return file


def test_every_row_is_explained_with_value_unit_range_source_and_status(clinic_file: Path):
    text = sheet(clinic_file)
    assert all(f"{row.key} = " in text for row in ROWS)
    assert "protocol.wash_h = 24 hours   [default]" in text
    assert "First hair wash 24 hours after the session." in text
    assert "Allowed: 8 to 48 hours, or null." in text
    assert "stances.prp_offered = no" in text
    assert "NOT APPROVED." in text
    assert "the bot says them all the same" in text


def test_the_command_prints_the_sheet_and_signs_a_row(clinic_file: Path):
    before = clinic_file.read_text()
    result = CliRunner().invoke(app, ["clinic", "check", "--approve", "Dr Ana Silva", "--row", "protocol.wash_h"])
    assert result.exit_code == 0
    assert "protocol.wash_h: 24 hours" in result.output
    result = CliRunner().invoke(app, ["clinic", "check"])
    assert "Approved by Dr Ana Silva on " in result.output
    assert clinic_file.read_text() == before


def test_name_and_row_go_together(clinic_file: Path):
    for words in (["--approve", "Ana"], ["--row", "all"]):
        result = CliRunner().invoke(app, ["clinic", "check", *words])
        assert result.exit_code == 2
        assert "go together" in result.output


def test_a_changed_value_voids_its_approval_and_says_what_was_approved(clinic_file: Path):
    sign(clinic_file, "Ana", "wash_h", NOW)
    clinic_file.write_text(clinic_file.read_text().replace("wash_h: 24", "wash_h: 36"))
    text = sheet(clinic_file)
    assert "protocol.wash_h = 36 hours   [clinic's own]" in text
    assert "NOT APPROVED: Ana approved 24 on 2025-06-10; it was changed since." in text


def test_all_signs_every_row_and_leaves_earlier_signatures(clinic_file: Path):
    sign(clinic_file, "Ana", "protocol.wash_h", NOW)
    sign(clinic_file, "Ben", "all", NOW)
    assert "Every row is approved." in sheet(clinic_file)
    assert warning(clinic_file) is None
    kept = yaml.safe_load((clinic_file.parent / "clinic.approvals.yml").read_text())
    assert kept["protocol.wash_h"]["by"] == "Ana"
    assert kept["protocol.dye_d"]["by"] == "Ben"


def test_the_start_warns_which_rows_lack_approval_and_what_that_means(clinic_file: Path):
    told = warning(clinic_file)
    assert told is not None
    assert "protocol.wash_h" in told
    assert "says them all the same" in told
    clinic_file.write_text(clinic_file.read_text().replace("require_approval: false", "require_approval: true"))
    told = warning(clinic_file)
    assert told is not None
    assert "says none but the numbers to call" in told


@pytest.mark.parametrize(
    ("by", "row", "told"), [("Ana", "wash", "there is no row 'wash'"), (" ", "all", "write the name")]
)
def test_what_cannot_be_signed_is_said(clinic_file: Path, by: str, row: str, told: str):
    with pytest.raises(ClinicError, match=told):
        sign(clinic_file, by, row, NOW)
