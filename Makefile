# Two commands matter: `make demo` and `make test`. Both set up their own .venv once.
PYTHON ?= python3
BIN := .venv/bin
# What is installed is compiled when it is first used, not all of it at once: half the time.
INSTALL := -m pip install --quiet --disable-pip-version-check --no-compile
unexport PYTHONDONTWRITEBYTECODE
WASM_LD := .venv-wasm/bin/python -m ziglang wasm-ld
POLICIES := $(addprefix scenarios/bakhtu/hours-,5x8.yaml 7x8.yaml 7x8-after-clock-change.yaml \
	2026.yaml 7x12-yard-only.yaml 7x12.yaml 7x24.yaml)

# Every engine, measure and verb, in a few minutes: see `make versions`.
QUICK := tests/theory tests/engines/test_days_by_hand_claims.py \
	tests/engines/test_days_by_hand_hours.py tests/engines/test_days_by_hand_queues.py \
	tests/engines/test_days_by_hand_tokens.py tests/engines/test_parity_edges.py \
	tests/measures/test_days_by_hand.py tests/cli/test_any_names.py

.PHONY: demo claims measures overlays test thorough mining check bench proof simod mutation schema words reference docs versions oldest \
	wheel wasm wasm-check live clean

# What the repository keeps of both is what its pictures, its page and the tests need.
demo: .venv/installed
	$(BIN)/portsim compare $(POLICIES) --out results/bakhtu --force
	$(BIN)/portsim run scenarios/bakhtu/mutual-trade-2024.yaml --out results/mutual-trade-2024 --force
	$(BIN)/python claims/kept.py results/bakhtu results/mutual-trade-2024

# The two headline claims on trial: sweeps over the demand, about ten minutes.
claims: .venv/installed
	$(BIN)/python claims/trial.py --force

# What each measure of mutual trade is worth, in docs/bakhtu/mutual-trade.md; about three minutes.
measures: .venv/installed
	$(BIN)/python claims/mutual_trade.py

# What oversized loads, sizes, the clock change and other overlays change, in three pages under
# docs/bakhtu; about five minutes.
overlays: .venv/installed
	$(BIN)/python claims/overlays.py

test: .venv/installed-dev
	$(BIN)/python -m pytest

# The same tests, the random ones with as many cases as there were time for before a release.
thorough: .venv/installed-dev
	PORTSIM_THOROUGH=1 $(BIN)/python -m pytest

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
# queues with a known answer at full length; hostile files and any right ones. Writes docs/proof/.
proof: .venv/installed-dev
	$(BIN)/python proof/parity.py
	$(BIN)/python proof/exact.py
	$(BIN)/python proof/covered.py
	$(BIN)/python proof/overload.py
	$(BIN)/python proof/anomalies.py
	$(BIN)/python proof/hostile.py
	$(BIN)/python proof/bottlenecks.py
	$(BIN)/python proof/held.py
	$(BIN)/python proof/forecasts.py
	$(BIN)/python proof/fitted_stages.py
	$(BIN)/python proof/fitted_ports.py
	$(BIN)/python proof/rosters.py
	$(BIN)/python proof/worth.py

# Simod on ten known ports, beside portsim, in an environment of its own; it needs Java, and a
# minute a port. Writes docs/proof/beside-simod.md.
simod: .venv/installed-dev
	$(BIN)/python proof/beside_simod.py

# The compiled engine as WebAssembly, for the live page: made from it, shipped, and compared. A
# newer Numba may give other code: then `make wasm` and commit both files.
wasm: .venv/installed .venv-wasm/installed
	$(BIN)/python releasing/wasm.py --linker "$(WASM_LD)"

wasm-check: .venv/installed .venv-wasm/installed
	$(BIN)/python releasing/wasm.py --check --linker "$(WASM_LD)"

# The live page of Bakhtu, in build/bakhtu.html.
live: .venv/installed
	mkdir -p build
	$(BIN)/portsim live scenarios/bakhtu/hours-7x12.yaml --out build/bakhtu.html

# A quick part of the tests, on each Python that is meant and to be had (uv may fetch it).
versions: .venv-tools/installed
	$(PYTHON) releasing/versions.py 3.11 3.12 3.13 3.14 $(QUICK)

# The same with the oldest dependencies that pyproject.toml allows, on the oldest Python.
oldest: .venv-tools/installed
	$(PYTHON) releasing/versions.py --oldest 3.11 $(QUICK)

# Source archive and wheel in dist/; the wheel is installed in an empty environment and used there.
wheel: .venv-tools/installed
	rm -rf dist
	.venv-tools/bin/python -m build --outdir dist
	$(PYTHON) releasing/wheel.py dist

# The manual, in build/manual/index.html; a warning is an error.
docs: .venv/installed-docs
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs build/manual

# Does broken code break the tests? A sample of changes to engines, calendars and measures; about an
# hour. Writes docs/proof/mutation.md.
mutation: .venv/installed-dev
	$(BIN)/python $(INSTALL) --editable '.[dev,proof]'
	nice -n 10 $(BIN)/python proof/mutation.py

# The schema that editors read beside the scenarios.
schema: .venv/installed
	$(BIN)/portsim schema > scenarios/scenario.schema.json

# Bring the catalogues of sentences up to the source; new ones are to be translated by hand.
words: .venv/installed-dev
	$(BIN)/pybabel -q extract -F babel.cfg -k say -k later --no-location --sort-output \
		--omit-header -o .venv/portsim.pot src/portsim
	for language in $$($(BIN)/python -c "from portsim.languages import *; print(*LANGUAGES[1:])"); do $(BIN)/pybabel -q update -i .venv/portsim.pot -l $$language \
		-o src/portsim/wording/$$language.po --omit-header --ignore-obsolete -w 100; done

# The text of the reference pages: the language, the public names, the command line.
reference: .venv/installed
	$(BIN)/python docs/_ext/reference.py

# Set up again only when what is to be installed has changed.
.venv/installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(INSTALL) --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python $(INSTALL) --editable '.[dev]'
	touch $@

.venv/installed-docs: .venv/installed
	$(BIN)/python $(INSTALL) --editable '.[docs]'
	touch $@

# Does process-mining software read an exported log? It lives in an environment of its own, which
# only this test needs.
mining: .venv-mining/installed
	.venv-mining/bin/python -W ignore -c "import pm4py"
	.venv-mining/bin/python -m pytest -o addopts= -W default -q \
		tests/results/test_events.py -k process_mining

.venv-mining/installed: tests/results/mining.txt pyproject.toml
	test -x .venv-mining/bin/python || $(PYTHON) -m venv .venv-mining
	.venv-mining/bin/python $(INSTALL) --editable . \
		-r tests/results/mining.txt
	touch $@

# What builds the package and fetches interpreters is no part of what works on it.
.venv-tools/installed: Makefile
	test -x .venv-tools/bin/python || $(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python $(INSTALL) build uv
	touch $@

# The linker is 400 MB large, and nobody else needs it.
.venv-wasm/installed: Makefile
	test -x .venv-wasm/bin/python || $(PYTHON) -m venv .venv-wasm
	.venv-wasm/bin/python $(INSTALL) ziglang==0.17.1
	touch $@

# The peers live in an environment of their own: nobody needs them to work on portsim.
.venv-bench/installed: benchmarks/requirements.txt pyproject.toml
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python $(INSTALL) --editable . \
		-r benchmarks/requirements.txt
	touch $@

clean:
	rm -rf .venv .venv-* dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
