"""The widget's built files are committed, so that running Aftercare needs no Node. These say when they are stale."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
WIDGET = REPOSITORY / "widget"
STATIC = REPOSITORY / "bot" / "channels" / "web" / "static"
LANGUAGES = sorted(path.stem for path in (WIDGET / "src" / "strings").glob("[a-z][a-z].ts"))
BUNDLES = ["aftercare-widget.js", "aftercare-panel.js", *(f"aftercare-{language}.js" for language in LANGUAGES)]
REBUILD = "the widget's built files are stale: cd widget && npm ci && npm run build"


def source_hash() -> str:
    """The hash that widget/build.mjs writes into what it builds."""
    files = [path for path in (WIDGET / "src").rglob("*") if path.is_file()]
    files += [WIDGET / name for name in ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")]
    digest = hashlib.sha256()
    for path in sorted(path.relative_to(WIDGET).as_posix() for path in files):
        text = (WIDGET / path).read_bytes().replace(b"\r\n", b"\n")
        digest.update(path.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()[:16]


def compressed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_was_built_from_these_sources(name: str) -> None:
    first_line = (STATIC / name).read_text("utf-8").partition("\n")[0]
    stated = re.search(r"Aftercare ([0-9a-f]{16})\b", first_line)
    assert stated, f"{name} does not say what it was built from"
    assert stated[1] == source_hash(), REBUILD


def test_page_loads_under_15_kb_before_the_first_click() -> None:
    assert compressed("aftercare-widget.js") < 15_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_patient_downloads_is_under_30_kib(language: str) -> None:
    assert compressed("aftercare-widget.js", "aftercare-panel.js", f"aftercare-{language}.js") <= 30 * 1024


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_names_no_other_host(name: str) -> None:
    hosts = set(re.findall(r"https?://[\w.-]+", (STATIC / name).read_text("utf-8")))
    assert hosts <= {"http://www.w3.org"}, "only XML namespaces are addresses here"


def test_lock_file_names_no_registry() -> None:
    lock = json.loads((WIDGET / "package-lock.json").read_text("utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    def keys(name: str) -> list[str]:
        text = (WIDGET / "src" / "strings" / f"{name}.ts").read_text("utf-8")
        return re.findall(r"^  (\w+):", text, re.MULTILINE)

    assert keys(language) == keys("en")
