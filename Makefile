# `make crawl` and `make test` set up everything they need in .venv, from locks with hashes.
PYTHON ?= python3
FROM ?= fixtures
DATABASE ?= articles.db
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all:

.DEFAULT_GOAL := help
.PHONY: help crawl test lint types format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
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

test: .venv/ready-dev ## run the tests
	$(BIN)/python -m pytest -q

lint: .venv/ready-dev ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/ready-dev ## mend style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/ready-dev ## resolve the dependencies anew into the locks
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade --extra browse pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade --extra browse --extra dev pyproject.toml -o requirements-dev.lock

clean: ## remove what make made, but no database
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
