# Two commands: `make run` serves the record, `make test` tests it. All they need is python3 (3.11 or newer) with venv.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
SYNC := $(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode --python $(BIN)/python
# Compiled once, here: where Python is told to write no bytecode, each process would compile all of it anew (2 s).
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . \
	&& $(BIN)/python -m compileall -q app migrations
# Even then the tests keep theirs, as each process that runs some would compile all of them at each run.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest
LOCKS := requirements-uv.txt requirements.txt requirements-dev.txt pyproject.toml

.PHONY: run test check format bench examples lock clean

run: $(VENV)/.run
	@UVICORN_HOST=$(HOST) UVICORN_PORT=$(PORT) VERBATIM_PREPARE=true exec $(BIN)/verbatim serve

test: $(VENV)/.dev
	@$(PYTEST)

check: $(VENV)/.dev
	@$(BIN)/ruff format --check --quiet . || { echo "Mend it with: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile
	@$(PYTEST)

format: $(VENV)/.dev
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

bench: $(VENV)/.dev
	@$(BIN)/python -m bench

examples: $(VENV)/.dev
	@$(BIN)/python -m tests.api.examples

# The runtime set alone is enough to run; the development set holds it too, so `run` takes either.
$(VENV)/.run: requirements-uv.txt requirements.txt pyproject.toml | $(VENV)/.uv
	@test -e $(VENV)/.dev || $(SYNC) requirements-uv.txt requirements.txt
	@test -e $(VENV)/.dev || { $(INSTALL); }
	@touch $@

$(VENV)/.dev: $(LOCKS) | $(VENV)/.uv
	@echo "Installing the development tools into $(VENV), once ..."
	@$(SYNC) requirements-uv.txt requirements-dev.txt
	@$(INSTALL)
	@touch $@ $(VENV)/.run

$(VENV)/.uv: requirements-uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing. On Debian: apt-get install python3 python3-venv make"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Verbatim needs Python 3.11 or newer; PYTHON=python3.12 make run names another."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "python3 has no venv. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

lock: | $(VENV)/.uv
	@for set in "pyproject.toml -o requirements.txt" "pyproject.toml --extra dev -o requirements-dev.txt" "requirements-uv.in -o requirements-uv.txt"; do \
		$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url $$set || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache
