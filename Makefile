# Two commands to know: `make demo` and `make test`. Each sets up what it needs in .venv.

PYTHON ?= python3
PLATFORM ?= linux_x86_64
# A version alone, as in `make wheelhouse PYTHON=3.12`, is what is collected for.
VERSION := $(or $(filter 3.%,$(PYTHON)),3.13)
BIN := .venv/bin
RUN := $(BIN)/python -m

# Bytecode is kept: without it every process that a test starts compiles the program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-deep tests kernels programs lint format docs reference bench bench-full bench-bands bench-rules clean
.PHONY: dist wheelhouse folder

demo: .venv/run
	$(BIN)/pcn-group solve data/sample/practices.csv --set adjacency.land=data/sample/land.geojson --out plan

# Side by side: some tests wait for a process or a browser, and meanwhile lint goes on.
test:
	$(MAKE) --jobs=3 lint tests

# What a file's tests share is made once, so a file is not divided. They go in the order of their
# folders: the last are short, so neither process waits long for the other.
tests: kernels programs
	$(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder

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
	$(RUN) mypy --platform win32 --cache-dir .mypy_cache/win32 --follow-imports skip --allow-subclassing-any --allow-untyped-decorators --no-warn-return-any pcn_group
	$(BIN)/lint-imports
	$(RUN) check_jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml .github/workflows/release.yml
	$(RUN) check_jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/fault.yml .github/ISSUE_TEMPLATE/wish.yml
	$(RUN) check_jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

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

bench-bands: .venv/dev
	$(RUN) benchmarks.bands

bench-rules: .venv/dev
	$(RUN) benchmarks.rules
	$(RUN) benchmarks.sizes

# The program as packages; and what needs no network: a folder of wheels with the script that installs
# them, for another system too, and one that starts as it is, for this system.
dist: .venv/dev
	rm -f dist/pcn_group-*
	$(RUN) build --outdir dist
	$(RUN) twine check --strict dist/pcn_group-*

wheelhouse: dist
	$(BIN)/python .packaging/wheelhouse.py $(PLATFORM) $(VERSION)

folder: wheelhouse
	$(BIN)/python .packaging/folder.py $(PLATFORM) $(VERSION) $(INTERPRETER)

clean:
	rm -rf .venv .cache dist plan site

.venv/run: pyproject.toml
	$(if $(filter 3.%,$(PYTHON)),python3,$(PYTHON)) -m venv .venv
	$(RUN) pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/dev: .venv/run
	$(RUN) pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
