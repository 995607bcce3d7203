# Needs Python 3.11 or newer, git and make. Everything else goes into .venv, and what `make e2e` and `make agreement`
# fetch into folders named target.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; name another with `make PYTHON=/path/to/python3 ...`.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$each; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOWEST := .venv-lowest
LOWEST_STAMP := $(LOWEST)/.installed
PIP := -m pip --disable-pip-version-check --quiet install

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(STAMP) ## Convert the pages in input/ to FHIR resources in output/
	$(BIN)/termsmith convert input --output output

.PHONY: test
test: $(STAMP) ## Run the test suite
	$(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: check
check: $(STAMP) ## Check lint, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

.PHONY: bench
bench: $(STAMP) ## Measure speed and memory, each against its floor
	$(BIN)/python bench/report.py

.PHONY: lowest
lowest: $(LOWEST_STAMP) ## Run the test suite with the lowest versions of all dependencies
	@# Without what takes long and is the same with any versions: how time grows, HL7's kept verdicts, and what becomes
	@# of files when processes, disks and builds break off.
	$(LOWEST)/bin/python -m pytest -n auto --dist worksteal -W default --ignore tests/agreement \
		--ignore tests/cli/test_full_disk.py --ignore tests/cli/test_process.py \
		--ignore tests/cli/test_large_tables.py --ignore tests/cli/test_build_in_steps.py \
		-k "not in_proportion and not time_grows and not take_no_longer and not test_growth and not killed"

.PHONY: agreement
agreement: $(STAMP) ## Compare the rules with HL7's own validator (needs Java 17 and Maven; some minutes)
	$(BIN)/python tests/agreement/ask.py
	$(BIN)/python tests/agreement/compare.py

.PHONY: e2e
e2e: $(STAMP) ## Try all with SUSHI, HL7's validator, a server and a lone wheel (npm, Java 17, Maven; some minutes)
	$(BIN)/python tests/e2e/run.py

.PHONY: e2e-server
e2e-server: $(STAMP) ## Of these, only the upload to a HAPI FHIR server
	$(BIN)/python tests/e2e/run.py server

.PHONY: clean
clean: ## Remove the environments and all caches
	rm -rf $(VENV) $(LOWEST) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist bench/.cache \
		tests/e2e/target tests/e2e/server/target tests/agreement/validator/target
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV): $(STAMP)

# pyproject.toml decides what is installed; our own code is used from src/ and needs no reinstall.
$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) --editable '.[dev]'
	@touch $@

$(LOWEST_STAMP): pyproject.toml requirements-lowest.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(LOWEST)
	@echo '*' > $(LOWEST)/.gitignore
	$(LOWEST)/bin/python $(PIP) --requirement requirements-lowest.txt --editable '.[dev]'
	@touch $@
