# `make crawl` and `make test` set up everything they need in .venv, from locks with hashes.
PYTHON ?= python3
FROM ?= fixtures
DATABASE ?= articles.db
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all:

.DEFAULT_GOAL := help
.PHONY: help crawl browse test lint types format pairs lock lock-check licences audit bench fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  make crawl FROM=folder DATABASE=file.db  reads a folder of your own"

.venv/ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) -r requirements.lock
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

crawl: .venv/ready ## read captures (FROM=fixtures) into a database (DATABASE=articles.db), and show what is in it
	@$(BIN)/scrapy crawl files -a 'path=$(FROM)' -s 'DATABASE=$(DATABASE)'; code=$$?; \
	$(BIN)/scrapy summary -s 'DATABASE=$(DATABASE)' || true; exit $$code

browse: .venv/ready ## open the database (DATABASE=articles.db) in a browser
	@$(BIN)/scrapy browse -s 'DATABASE=$(DATABASE)'

test: .venv/ready-dev ## run the tests
	$(BIN)/python -m pytest -q

lint: .venv/ready-dev ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/ready-dev ## mend style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pairs: .venv/ready ## count the samples of boilerplate and bodies anew (pipelines/boilerplate/scoring)
	$(BIN)/python -m pipelines.boilerplate.scoring.count

lock: .venv/ready-dev ## resolve the dependencies anew into the locks
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade --extra browse pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade --extra browse --extra dev pyproject.toml -o requirements-dev.lock

lock-check: .venv/ready-dev ## check that the locks have hashes, name no place, and are what pyproject.toml asks for
	$(BIN)/python tests/support/locks.py
	$(BIN)/python -m pytest -q tests/supply

licences: .venv/ready-dev ## write docs/licences.md anew
	$(BIN)/python tests/support/licences.py

# Asks a public service about every package, so it is no part of the tests. In an environment of its own.
audit: requirements.lock requirements-dev.lock ## look for known vulnerabilities of the locked packages
	test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/python -m pip install --quiet pip-audit; }
	.venv-audit/bin/pip-audit --disable-pip --require-hashes -r requirements.lock
	.venv-audit/bin/pip-audit --disable-pip --require-hashes -r requirements-dev.lock

BENCH ?=
bench: .venv/ready-dev ## what a crawl costs against the floor, as a table and bench/result.json (BENCH="--only pages")
	$(BIN)/python -m bench.run $(BENCH)

MINUTES ?= 10
fuzz: .venv/ready-dev ## throw captures at every reader for MINUTES; what breaks one is kept in tests/hostile
	$(BIN)/python tests/fuzz/run.py --minutes $(MINUTES)

clean: ## remove what make made, but no database
	rm -rf .venv .venv-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
