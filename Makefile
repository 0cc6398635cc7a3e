# Two commands to know: `make demo` and `make test`. Each sets up what it needs in .venv.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-deep programs lint format bench bench-full clean

demo: .venv/run
	$(BIN)/pcn-group solve data/sample/practices.csv --out plan

test:
	$(MAKE) --jobs=2 lint programs
	$(BIN)/pytest -n 2 --dist worksteal

# The long runs: every reader against spoiled files, for ten minutes of the processor's time.
test-deep: .venv/dev
	$(BIN)/pytest -m deep

programs:
	tests/programs.sh

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev
	$(BIN)/python -m benchmarks

bench-full: .venv/dev
	$(BIN)/python -m benchmarks --full

clean:
	rm -rf .venv plan

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/dev: .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
