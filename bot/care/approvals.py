"""Which rows of the clinic's protocol a clinician has approved, and what the bot may say without that.

Approvals lie in a file of their own beside clinic.yml: the clinic writes that one by hand, with comments that a program
would lose, and whoever edits a figure should not also be able to sign it by accident. What is stored is the value that
was approved, so changing a figure voids its approval by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.care.clinic_errors import ClinicError
from bot.yaml_file import read_yaml


@dataclass(frozen=True)
class Approval:
    """Who approved which value, and when (UTC, aware)."""

    value: Any
    by: str
    at: datetime


Approvals = Mapping[str, Approval]


def approvals_file(clinic_file: Path) -> Path:
    """Where the approvals of a clinic's file lie: clinic.yml has clinic.approvals.yml beside it."""
    return clinic_file.with_name(f"{clinic_file.stem}.approvals.yml")


def read_approvals(clinic_file: Path) -> dict[str, Approval]:
    """The approvals beside a clinic's file; none where there is no such file.

    Raises ClinicError on a file that cannot be read, since guessing at signatures would be worse than not starting.
    """
    path = approvals_file(clinic_file)
    mend = "Give the rows again with: aftercare clinic check --approve NAME --row KEY"
    try:
        raw = read_yaml(path) or {}
        return {str(key): Approval(row["value"], str(row["by"]), _instant(row["at"])) for key, row in raw.items()}
    except FileNotFoundError:
        return {}
    except yaml.YAMLError:
        raise ClinicError(f"{path}: not valid YAML. {mend}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ClinicError(f"{path}: cannot be read ({error}). {mend}") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ClinicError(f"{path}: every row needs value, by and at. {mend}") from None


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
