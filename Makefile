# PlanWise Navigator: `make help` lists what there is.
# Needs make, git and Python 3.11 or later; everything else goes into .venv/ and is pinned in requirements/.

SHELL := /bin/sh
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Two test processes: tests with Ray and a browser start several processes of their own.
WORKERS ?= 2
# More for `make run`, as in: make run ARGS="--port 5007 --data /srv/planwise"
ARGS ?=
# More for the test targets, as in: make test-fast TESTS="tests/unit/census -k excel"
TESTS ?=
# More for `make bench`, as in: make bench BENCH="--only verify"
BENCH ?=
export PYTHON

.DEFAULT_GOAL := install
.PHONY: install install-dev run test test-faults test-office test-fast bench check format lock clean help

install: ## make .venv and install what running needs (the default)
	@tools/bootstrap.sh runtime

install-dev: ## the same, with what tests and checks need
	@tools/bootstrap.sh dev

run: install ## start PlanWise and print its address; the first start brings a demo
	@$(BIN)/planwise serve $(ARGS)

test: install-dev ## every test, the browser ones too
	@$(BIN)/python -m tools.chromium
	$(PYTEST) -n $(WORKERS) $(TESTS)

test-faults: install-dev ## every test that kills, fills or takes away something, the long ones too
	$(PYTEST) -n $(WORKERS) -m fault $(TESTS)

test-office: install-dev ## open every kind of workbook in LibreOffice, which has to be installed
	$(PYTEST) -n 0 -m office $(TESTS)

test-fast: install-dev ## tests without a browser, Ray or other processes
	$(PYTEST) -n $(WORKERS) -m "not browser and not integration and not slow" $(TESTS)

bench: install-dev ## measure, print a table, write benchmarks/results.json
	$(BIN)/python -m tests.benchmarks $(BENCH)

check: install-dev ## lint, format, types, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: install-dev ## put the source into the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## renew the pins in requirements/ (needs uv; UPGRADE=1 for the newest versions)
	@tools/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## remove .venv and every cache; runs and data stay
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
