# Set-up, the main job and the checks. `make` alone lists what there is.
#
# The environment is .venv, made from requirements.lock, where every file is pinned by its hash. It is made again when
# the lock or pyproject.toml changes; nothing is installed outside this folder.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help setup analyse test test-all benchmark lint format lock clean

PYTHON ?= python3
MODEL ?= models/involvement_response.yaml
OUT ?= out/$(basename $(notdir $(MODEL)))

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

help:  ## List the targets
	@echo "make TARGET [PYTHON=python3.11]"
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY)  ## Make .venv from the hashed lock; the targets below do so by themselves

analyse: $(READY)  ## Analyse a model and write its page (MODEL=models/x.yaml, OUT=folder)
	@echo "== gametheory analyse $(MODEL)"
	$(BIN)/gametheory analyse $(MODEL) --out $(OUT)
	echo "== done; open in a browser:"
	printf '   %s\n' $(CURDIR)/$(OUT)/*.html

test: lint  ## Lint, types, tests, printed examples and notebooks, all but the slow tests
	@echo "== pytest"
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadgroup
	echo "== every check passed"

test-all: lint  ## The same with the slow tests
	@echo "== pytest, slow tests too"
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadgroup -m ""
	echo "== every check passed"

benchmark: $(READY)  ## Time the solvers beside nashpy and QuantEcon, and count what each loses
	@$(BIN)/python -m benchmarks

lint: $(READY)  ## ruff, mypy --strict, notebooks without what changes at every run
	@echo "== ruff check"
	$(BIN)/ruff check
	echo "== ruff format --check"
	$(BIN)/ruff format --check
	echo "== mypy --strict"
	$(BIN)/mypy --strict
	echo "== nbstripout --verify"
	find notebooks -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' -exec $(BIN)/nbstripout --verify --keep-output --keep-id {} +

format: $(READY)  ## Let ruff and nbstripout mend what they can
	@$(BIN)/ruff check --fix
	$(BIN)/ruff format
	find notebooks -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' -exec $(BIN)/nbstripout --keep-output --keep-id {} +

lock: $(READY)  ## Bring requirements.lock in line with pyproject.toml (UPGRADE=1: newest versions)
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet \
	    $(if $(UPGRADE),--upgrade) --output-file requirements.lock > /dev/null
	! grep -nE '://|^--|^-e|^ *\.?/' requirements.lock || { echo "requirements.lock names an address or a path" >&2; exit 1; }

clean:  ## Remove the environment, caches and build products; results in out/ stay
	@rm -rf $(VENV) build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@if ! $(BIN)/python -c '$(NEW_ENOUGH)' 2> /dev/null; then
	  command -v $(PYTHON) > /dev/null || {
	    echo "no '$(PYTHON)' found: install Python 3.11 or newer, or name yours: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2
	    exit 2
	  }
	  $(PYTHON) -c '$(NEW_ENOUGH)' || {
	    echo "$$($(PYTHON) --version) is too old, 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2
	    exit 2
	  }
	  echo "== creating $(VENV) with $$($(PYTHON) --version)"
	  rm -rf $(VENV)
	  $(PYTHON) -m venv $(VENV) || {
	    echo "could not create $(VENV): on Debian and Ubuntu install python3-venv, then run make again" >&2
	    exit 2
	  }
	fi
	echo "== installing requirements.lock, every file checked against its hash"
	awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements.lock > $(VENV)/uv.lock
	if $(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement $(VENV)/uv.lock &&
	   $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock; then
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	else
	  echo "!! uv did not work here: going on with plain pip and the same lock, which takes about a minute longer" >&2
	  $(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	  $(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	fi
	touch $@
	echo "== $(VENV) is ready"
