"""A library loads what it needs, when it needs it: which packages of others stand in memory after each step."""

import json
import subprocess
import sys

STEPS = """
import json, sys
from importlib.metadata import packages_distributions
PACKAGES = packages_distributions().keys() - sys.stdlib_module_names
before = set(sys.modules)
def note():
    seen.append(sorted({name.partition(".")[0] for name in sys.modules.keys() - before} & PACKAGES - {"connector"}))
seen = []
import connector
note()
loaded = connector.Connector.load(servers={"api": "http://127.0.0.1:9"})
note()
result = loaded.invoke("getUserTopTracks", {"access_token": "any", "time_range": "short_term"})
assert result.error.kind == "network", result
note()
result = loaded.invoke("findTrack", {"access_token": "any", "text": "Artist - Title"})
assert result.error.kind == "network", result
note()
print(json.dumps(seen))
"""
#: requests, what it brings along, and what judges arguments.
TO_SEND = {"backports", "certifi", "charset_normalizer", "idna", "requests", "socks", "tenacity", "urllib3"}
TO_JUDGE = {"attr", "attrs", "jsonschema", "jsonschema_specifications", "referencing", "rpds", "typing_extensions"}
#: jsonschema looks for these by itself, and does without.
FORMATS = {"fqdn", "isoduration", "jsonpointer", "rfc3339_validator", "rfc3987", "six", "uri_template", "webcolors"}
#: Reads the manifest, or finds the folder in which it was read before.
TO_LOAD = {"_yaml", "yaml", "platformdirs"}
#: Compares texts.
TO_COMPARE = {"anyascii", "rapidfuzz"}
#: Without an SDK spans do nothing; a fast reader of JSON is taken where it is installed.
AT_HAND = {"opentelemetry", "importlib_metadata", "zipp", "orjson"}


def test_each_step_loads_what_it_needs_and_no_more(tmp_path):
    # Whoever measures the tests is no part of what is measured.
    environment = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    words = [sys.executable, "-c", STEPS]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True, timeout=60)
    after_import, after_load, after_invoke, after_find = map(set, json.loads(done.stdout))
    assert after_import == set()
    assert after_load <= TO_LOAD
    assert "requests" in after_invoke
    assert after_invoke <= TO_LOAD | TO_SEND | TO_JUDGE | FORMATS | AT_HAND
    assert TO_COMPARE <= after_find <= after_invoke | TO_COMPARE | {"jmespath"}
