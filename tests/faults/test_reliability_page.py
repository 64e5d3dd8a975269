"""Every test that docs/reliability.md relies on is there."""

import re

from bot.settings import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_test_that_is_named_exists():
    named = NAMED.findall(PAGE)
    assert len(named) == PAGE.count("::") > 40
    for file, test in named:
        assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def test_every_test_of_this_folder_is_on_the_page():
    here = ROOT / "tests" / "faults"
    for file in here.glob("test_*.py"):
        if file.name != "test_reliability_page.py":
            assert file.name in PAGE, file.name
