# Two commands matter: `make demo` and `make test`. Both set up their own .venv once.
PYTHON ?= python3
BIN := .venv/bin
POLICIES := $(addprefix scenarios/bakhtu/hours-,5x8.yaml 7x8.yaml 7x8-after-clock-change.yaml \
	2026.yaml 7x12-yard-only.yaml 7x12.yaml 7x24.yaml)

.PHONY: demo test check bench proof mutation schema clean

demo: .venv/installed
	$(BIN)/portsim compare $(POLICIES) --out results/bakhtu --force
	$(BIN)/portsim run scenarios/bakhtu/mutual-trade-2024.yaml --out results/mutual-trade-2024 --force

test: .venv/installed-dev
	$(BIN)/python -m pytest

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every engine and its peers on one workload; writes benchmarks/RESULTS.md. Leave the machine alone
# meanwhile.
bench: .venv-bench/installed
	.venv-bench/bin/python benchmarks/bench.py

# Far more random plans than the tests have time for, and whole port-years, through all engines;
# queues with a known answer at full length. Writes docs/proof/.
proof: .venv/installed-dev
	$(BIN)/python proof/parity.py
	$(BIN)/python proof/exact.py
	$(BIN)/python proof/covered.py
	$(BIN)/python proof/anomalies.py

# Does broken code break the tests? A sample of changes to engines, calendars and measures; about an
# hour. Writes docs/proof/mutation.md.
mutation: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,proof]'
	nice -n 10 $(BIN)/python proof/mutation.py

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

# The peers live in an environment of their own: nobody needs them to work on portsim.
.venv-bench/installed: benchmarks/requirements.txt pyproject.toml
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --editable . \
		-r benchmarks/requirements.txt
	touch $@

clean:
	rm -rf .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
