PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint format docs bench soak workers-proof record check clean

demo: $(READY)
	$(BIN)/python examples/demo.py

test: $(READY)
	$(BIN)/coverage erase
	$(BIN)/pytest --cov --cov-report=term -q

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

soak: $(READY)
	$(BIN)/python benchmarks/soak.py

workers-proof: $(READY)
	$(BIN)/python benchmarks/workers_proof.py

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
