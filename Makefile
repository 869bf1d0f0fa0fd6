PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests start hundreds of processes; each would compile all of the code anew.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What running blocks needs, and what testing them needs besides.
READY := $(VENV)/.ready
TESTED := $(VENV)/.ready-to-test

.PHONY: demo first-answer test year test-builders test-versions programs mutations lint format types screens docs bench soak workers-proof subscriptions-proof record check clean

demo: $(READY)
	$(BIN)/python examples/demo.py

# From `git clone` to the first block's answer, in seconds; fails beyond a minute.
first-answer:
	benchmarks/first_answer.sh

# One process more than there are cores, for tests wait as often as they work.
test: $(TESTED) programs
	$(BIN)/coverage erase
	$(BIN)/pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile --no-loadscope-reorder --cov --cov-report=term -q

# Breaks the code in many places, once each, and fails where no test notices; some minutes. MUTATIONS chooses by words.
mutations: $(TESTED)
	$(BIN)/python tests/mutations.py $(MUTATIONS)

# Lives of listeners, as many for each trigger as LIVES says; what was missed or invented is told with its seed.
year: $(TESTED)
	$(BIN)/python tests/triggers/long_year.py $(LIVES)

# The real editors, in a real browser; installs them into the user's cache the first time.
test-builders: $(TESTED)
	command -v chromium g++ >/dev/null || { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core g++ make; }
	$(BIN)/pytest tests/builders -m builders -q

# Every door with the lowest packages that are allowed and with the newest, in each Python of pyproject.toml found here.
test-versions: $(TESTED) programs
	$(BIN)/pytest tests/versions -m versions -q

lint: $(TESTED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/spotify-blocks check

format: $(TESTED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(TESTED)
	$(BIN)/python -m connector.export.python_types

screens: $(TESTED)
	WRITE_SCREENS=1 $(BIN)/pytest -q tests/cli/test_screens.py

docs: $(TESTED)
	$(BIN)/python docs/write_tables.py
	$(BIN)/python tests/builders/write_examples.py
	$(BIN)/python docs/write_reference.py

bench: $(TESTED)
	$(BIN)/python benchmarks/run.py $(BENCH); status=$$?; $(BIN)/python benchmarks/http_runner.py && exit $$status

soak: $(TESTED)
	$(BIN)/python benchmarks/soak.py

workers-proof: $(TESTED)
	$(BIN)/python benchmarks/workers_proof.py

subscriptions-proof: $(TESTED)
	$(BIN)/python benchmarks/many_subscriptions.py --alone --count 500 --every 60
	$(BIN)/python benchmarks/many_subscriptions.py

record: $(TESTED)
	$(BIN)/spotify-blocks record

check: $(TESTED)
	$(BIN)/spotify-blocks check

clean:
	rm -rf $(VENV) dist build .coverage .coverage.*

# What tests start besides Python: a browser to sign in with, a server that workers share, what an example calls,
# shells, and a proxy. Debian starts nginx for everyone as it installs it; the tests start their own.
programs:
	@command -v chromium >/dev/null && command -v redis-server >/dev/null \
	&& command -v curl >/dev/null && command -v jq >/dev/null && command -v zsh >/dev/null && command -v fish >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && apt-get update -qq && apt-get install -y -qq chromium fonts-dejavu-core redis-server curl jq zsh fish >/dev/null; } \
	|| echo "chromium, redis-server, curl, jq, zsh or fish is missing and can't be installed here; tests that need them say so."
	@[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	     && apt-get update -qq && apt-get install -y -qq nginx-light >/dev/null; \
	     [ -x /usr/sbin/nginx ] && { service nginx stop >/dev/null 2>&1 || true; }; } \
	|| echo "nginx is missing and can't be installed here; tests that need it say so."

# Debian splits venv off Python; where it is missing and can be installed, it is. What builds the package goes into the
# same environment, once: pip would set up two more for it, each time. Python compiles what is used as it is used.
$(READY): pyproject.toml
	@echo "Setting up $(VENV) with what blocks need to run, some 90 MB; the first time takes a minute at most."
	@$(PYTHON) -m venv $(VENV) || { apt-get update && apt-get install -y python3-venv && $(PYTHON) -m venv $(VENV); }
	@$(PIP) --no-compile 'hatchling>=1.21' editables
	@$(PIP) --no-compile --no-build-isolation --editable '.[serve]'
	@touch $@

$(TESTED): $(READY)
	@echo "Adding every extra and what tests need, some 700 MB."
	@$(PIP) --upgrade 'pip>=25.1'
	@$(PIP) --no-build-isolation --editable '.[all]' --group dev
	@touch $@
