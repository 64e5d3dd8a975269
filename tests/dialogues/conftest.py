"""One stage for all dialogues: the real Rasa and actions, as `aftercare replay` starts them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.playing import Stage, stage
from bot.settings import Settings


@pytest.fixture(scope="session")
def played_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Rasa with the trained model, and the actions over the project's own clinic.yml."""
    folder: Path = tmp_path_factory.mktemp("dialogues")
    with stage(Settings(_env_file=None, data_dir=folder)) as ready:
        yield ready
