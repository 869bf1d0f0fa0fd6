PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-builders lint format docs bench record check clean

demo: $(READY)
	$(BIN)/python examples/demo.py

test: $(READY)
	$(BIN)/coverage erase
	$(BIN)/pytest --cov --cov-report=term -q

# The real editors, in a real browser; installs them into the user's cache the first time.
test-builders: $(READY)
	command -v chromium g++ >/dev/null || { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core g++ make; }
	$(BIN)/pytest tests/builders -m builders -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/spotify-blocks check

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)
	$(BIN)/python docs/write_block_table.py

bench: $(READY)
	$(BIN)/python benchmarks/cold_start.py

record: $(READY)
	$(BIN)/spotify-blocks record

check: $(READY)
	$(BIN)/spotify-blocks check

clean:
	rm -rf $(VENV) dist build .coverage .coverage.*

# Debian splits venv off Python; where it is missing and can be installed, it is.
$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV) || { apt-get update && apt-get install -y python3-venv && $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]' --group dev
	touch $@
