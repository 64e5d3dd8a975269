"""Parts do not outlive the process that started them, whatever ended it."""

import subprocess
import sys
import time

import pytest

from bot.processes import answers, free_port, wait_until

STARTER = """
import time
from bot.processes import actions_part, start
from bot.settings import Settings
start(actions_part(Settings(actions_url="http://127.0.0.1:{port}")))
time.sleep(60)
"""


@pytest.mark.integration
def test_a_part_ends_with_a_process_that_is_killed():
    port = free_port()
    health = f"http://127.0.0.1:{port}/health"
    with subprocess.Popen([sys.executable, "-c", STARTER.format(port=port)]) as starter:
        assert wait_until(lambda: answers(health), 60, lambda: starter.poll() is None)
        time.sleep(2)
        assert answers(health), "it lasts for as long as who started it does"
        starter.kill()
    assert wait_until(lambda: not answers(health), 15)
