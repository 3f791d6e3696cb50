# Two commands are all a fresh machine needs: `make demo` and `make test`. Each does its own set-up.

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
WORKERS ?= 2
# Slow tests spend half of their time waiting for processes.
SLOW_WORKERS ?= 3

# Node.js is one of the development requirements: it builds and checks the console, and nothing runs on it.
WEB := hub/console/web
CONSOLE := $(WEB)/dist/index.html
CONSOLE_SOURCES := $(shell find $(WEB)/src $(WEB)/public -type f 2>/dev/null) $(wildcard $(WEB)/*.*)
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix $(WEB) --no-audit --no-fund --no-update-notifier

.PHONY: help demo test check format lint types imports console web unit
.PHONY: bench bench-mapping bench-questions bench-search lock clean

help: ## Show the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

demo: .venv/run.done ## Send messages through the whole hub on this machine, without any server
	@$(BIN)/zaakhub demo

test: check ## Everything, with a real Apache Kafka and a real PostgreSQL
	$(BIN)/python -m pytest -n $(SLOW_WORKERS) --dist loadgroup -m "slow or kafka or postgres"

check: format lint types imports web unit ## What every commit leaves green; needs no server

format: .venv/dev.done
	$(BIN)/ruff format --check .

lint: .venv/dev.done
	$(BIN)/ruff check .

types: .venv/dev.done
	$(BIN)/mypy

imports: .venv/dev.done
	$(BIN)/lint-imports

console: $(CONSOLE) ## Build the pages of the operators, which the wheel carries

web: $(CONSOLE)
	$(NPM) run check

unit: .venv/dev.done $(CONSOLE)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not (slow or kafka or postgres)"

bench: .venv/dev.done ## Throughput and CPU per message, beside the floor, in one run
	$(BIN)/python -m tests.benchmarks

bench-mapping: .venv/dev.done ## What reading, mapping and writing a message costs, beside a bare parse and other ways
	$(BIN)/python -m tests.benchmarks.mapping

bench-questions: .venv/dev.done ## What the hub adds to a question about persons, beside the BRP asked directly
	$(BIN)/python -m tests.benchmarks.questions

bench-search: .venv/dev.done ## How long finding a message takes among five million rows in PostgreSQL
	$(BIN)/python -m tests.benchmarks.search

lock: .venv/dev.done ## Pin what pyproject.toml asks for, with hashes
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --output-file requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --group dev --output-file requirements/dev.txt

clean: ## Forget everything that was made or fetched
	rm -rf .venv .cache var dist build $(WEB)/dist $(WEB)/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Debian ships Python without ensurepip; then virtualenv makes the same environment.
.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null || { \
		rm -rf .venv && \
		$(PYTHON) -m pip --quiet install --target .cache/virtualenv virtualenv && \
		PYTHONPATH=.cache/virtualenv $(PYTHON) -m virtualenv --quiet .venv; } || { \
		echo "No virtual environment could be made: install python3-venv (or python3-pip) and try again."; exit 1; }

.venv/run.done: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the hub needs (once) ..."
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/dev.done: requirements/dev.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --editable .
	@touch $@ .venv/run.done

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json | .venv/dev.done
	@echo "Installing what the console is made of (once) ..."
	@$(NPM) ci --silent
	@touch $@

$(CONSOLE): $(CONSOLE_SOURCES) $(WEB)/node_modules/.package-lock.json
	@$(NPM) run build --silent
