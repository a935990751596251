# Two commands matter: `make demo` and `make test`. Both set up their own .venv once.
PYTHON ?= python3
BIN := .venv/bin
POLICIES := $(addprefix scenarios/bakhtu/hours-,5x8.yaml 7x8.yaml 7x8-after-clock-change.yaml \
	2026.yaml 7x12-yard-only.yaml 7x12.yaml 7x24.yaml)

.PHONY: demo test check bench schema clean

demo: .venv/installed
	$(BIN)/portsim compare $(POLICIES) --out results/bakhtu --force

test: .venv/installed-dev
	$(BIN)/python -m pytest

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed-dev
	$(BIN)/python benchmarks/four_stations.py
	$(BIN)/python benchmarks/backlog.py

# The schema that editors read beside the scenarios.
schema: .venv/installed
	$(BIN)/portsim schema > scenarios/scenario.schema.json

# Set up again only when what is to be installed has changed.
.venv/installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
