"""A checkout sets itself up from nothing, and answers. `make first-answer` judges how long that took."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.versions
SCRIPT = Path(__file__).parents[2] / "benchmarks" / "first_answer.sh"


def test_a_fresh_clone_installs_what_a_block_needs_and_runs_it():
    done = subprocess.run([SCRIPT], capture_output=True, text=True, timeout=900, check=False)
    assert "3 of 79 entries." in done.stdout, done.stderr
    assert re.search(r"^From git clone to the first block's answer: \d+ s, ", done.stdout, re.MULTILINE)
