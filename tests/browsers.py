"""The Chromium that tests look through."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str:
    """Where it is; without one the test is skipped, and in CI fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        mend = "there is no Chromium: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(mend, pytrace=False)
        pytest.skip(mend)
    return found
