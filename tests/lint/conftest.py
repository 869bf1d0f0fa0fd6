"""The second manifest, as files that a test may change."""

import shutil
from pathlib import Path

import pytest

HARBOUR = Path(__file__).parents[1] / "harbour"


@pytest.fixture
def harbour(tmp_path):
    shutil.copytree(HARBOUR, tmp_path / "harbour")
    return tmp_path / "harbour"
