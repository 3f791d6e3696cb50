# Two commands are all a fresh machine needs: `make demo` and `make test`. Each does its own set-up.

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
WORKERS ?= 2

.PHONY: help demo test check format lint types imports unit bench bench-mapping lock clean

help: ## Show the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

demo: .venv/run.done ## Send messages through the whole hub on this machine, without any server
	@$(BIN)/zaakhub demo

test: check ## Everything, with a real Apache Kafka and a real PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "slow or kafka or postgres"

check: format lint types imports unit ## What every commit leaves green; needs no server

format: .venv/dev.done
	$(BIN)/ruff format --check .

lint: .venv/dev.done
	$(BIN)/ruff check .

types: .venv/dev.done
	$(BIN)/mypy

imports: .venv/dev.done
	$(BIN)/lint-imports

unit: .venv/dev.done
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not (slow or kafka or postgres)"

bench: .venv/dev.done ## Throughput and CPU per message, beside the floor, in one run
	$(BIN)/python -m tests.benchmarks

bench-mapping: .venv/dev.done ## What reading, mapping and writing a message costs, beside a bare parse and other ways
	$(BIN)/python -m tests.benchmarks.mapping

lock: .venv/dev.done ## Pin what pyproject.toml asks for, with hashes
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --output-file requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --group dev --output-file requirements/dev.txt

clean: ## Forget everything that was made or fetched
	rm -rf .venv .cache var dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

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
