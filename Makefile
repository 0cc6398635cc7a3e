# Two commands to know: `make demo` and `make test`. Each sets up what it needs in .venv.

PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m

.PHONY: demo test test-deep kernels programs lint format docs reference bench bench-full clean

demo: .venv/run
	$(BIN)/pcn-group solve data/sample/practices.csv --set adjacency.land=data/sample/land.geojson --out plan

test:
	$(MAKE) --jobs=2 kernels lint programs
	$(RUN) pytest -n 2 --dist worksteal

# The long runs: every reader against spoiled files, for ten minutes of the processor's time, and all
# tests with many more random examples.
test-deep: .venv/dev programs
	$(RUN) pytest -m deep
	PCN_GROUP_TESTS=deep $(RUN) pytest -n 2 --dist worksteal

# Compiles the kernels once, so that tests running side by side need not.
kernels: .venv/dev
	$(RUN) tests.warm

programs:
	tests/programs.sh

lint: .venv/dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(BIN)/lint-imports
	$(RUN) check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml

format: .venv/dev
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

docs: .venv/dev
	$(BIN)/python docs/reference.py
	$(RUN) zensical build --strict

reference: .venv/dev
	$(BIN)/python docs/reference.py

bench: .venv/dev
	$(RUN) benchmarks

bench-full: .venv/dev
	$(RUN) benchmarks --full

clean:
	rm -rf .venv .cache plan site

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(RUN) pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/dev: .venv/run
	$(RUN) pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
