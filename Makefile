# Everything runs without make too: python -m venv .venv; .venv/bin/pip install -e '.[dev]'; .venv/bin/layerviz
.DEFAULT_GOAL := help
BIN := .venv/bin
READY := .venv/.set_up

.PHONY: help setup run test check format bench look real-image

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(READY) ## install everything into .venv (each of the others does it first)

$(READY): pyproject.toml tools/set_up.sh
	@bash tools/set_up.sh

run: $(READY) ## open layerviz
	@$(BIN)/python -m layerviz

test: $(READY) ## install the tools that tests compare with, then run every check
	@bash tools/test_tools.sh
	@$(MAKE) --no-print-directory check

check: $(READY) ## format, lint, types, floors, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto

format: $(READY) ## format the code and mend what the linter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) ## measure, against the limits
	@$(BIN)/python -m tools.thumbnails
	$(BIN)/python -m benchmarks

look: $(READY) ## contact sheets of all lessons and pictures of the real windows, into build/look
	$(BIN)/python -m tools.look

real-image: $(READY) ## build a real image of three layers into build/real-image.tar (root, Debian)
	@bash tools/real_image.sh
