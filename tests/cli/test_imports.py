"""Looking things up starts fast: the libraries that send and judge are loaded by what sends and judges."""

import subprocess
import sys

import pytest

HEAVY = {"requests", "urllib3", "jsonschema", "orjson", "keyring", "oauthlib", "tenacity", "starlette"}
RUN = """
import sys
from connector.cli import main
sys.argv = ["spotify-blocks", *sys.argv[1:]]
try:
    main()
finally:
    print("loaded:", *{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["--help"], ["blocks"], ["describe", "getRecommendations"]], ids=" ".join)
def test_looking_up_loads_nothing_that_sends_or_judges(words):
    done = subprocess.run([sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stderr.partition("loaded:")[2].split())
    assert "connector" in loaded
    assert loaded & HEAVY == set()
