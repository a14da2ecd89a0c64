# Everything runs without make too: python -m venv .venv; .venv/bin/pip install -e '.[dev]'; .venv/bin/layerviz
.DEFAULT_GOAL := help
BIN := .venv/bin
READY := .venv/.set_up
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup run test check format bench look

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(READY) ## install everything into .venv (each of the others does it first)

$(READY): pyproject.toml tools/set_up.sh
	@bash tools/set_up.sh

run: $(READY) ## open layerviz
	@python -m layerviz

test: $(READY) ## install the tools that tests compare with, then run every check
	@bash tools/test_tools.sh
	@$(MAKE) --no-print-directory check

check: $(READY) ## format, lint, types, floors, tests
	ruff format --check
	ruff check
	mypy
	lint-imports
	python -m pytest -n auto

format: $(READY) ## format the code and mend what the linter can mend
	ruff check --fix
	ruff format

bench: $(READY) ## measure, against the limits
	python -m benchmarks

look: $(READY) ## contact sheets of all lessons and pictures of the real windows, into build/look
	python -m tools.look
