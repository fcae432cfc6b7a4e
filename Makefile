# One line each: what a person types. The work itself is in .ci/venv, pytest and the limpio command.
SHELL := /bin/bash
PY ?= python3
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: install install-dev run test lint bench translations lock clean

install: ; @.ci/venv requirements.lock
install-dev: ; @.ci/venv requirements-dev.lock
run: install ; @.venv/bin/limpio run
test: install-dev ; @.ci/browser && .venv/bin/pytest
lint: install-dev ; @.ci/lint
bench: install-dev ; @.venv/bin/python -m tests.bench
translations: install-dev ; @.venv/bin/python -W ignore -m webapp.language
lock: ; uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.lock && uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-dev.lock
clean: ; rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
