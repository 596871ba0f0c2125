# Everything is set up by these two on a machine that has Python 3.11 or newer, and make:
#
#   make demo    the main job on the demo district
#   make test    all tests
#
# make check     what CI runs: format, lint, types, import contracts, tests
# make clean     remove all that was made

PYTHON ?= python3
VENV   ?= .venv
# One more than the usual two cores: many tests wait for a server that is slow on purpose.
JOBS   ?= 3
# The tests start programs by the hundred: without bytecode each compiles the whole project anew.
unexport PYTHONDONTWRITEBYTECODE
BIN    := $(VENV)/bin

.PHONY: demo test check lint types contracts clean

demo: $(VENV)/.program
	$(BIN)/python -m demo

test: $(VENV)/.tools
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadscope --no-loadscope-reorder

# In one call of make a target is made once: `make check test` runs the suite once.
check: lint types contracts test

lint: $(VENV)/.tools
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: $(VENV)/.tools
	$(BIN)/mypy

contracts: $(VENV)/.tools
	$(BIN)/lint-imports --no-logo

clean:
	rm -rf $(VENV) demo/workspace .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tinbai needs Python 3.11 or newer; name it: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

# PIP_CONSTRAINT also binds the build backend, which pip installs out of sight.
$(VENV)/.program: pyproject.toml constraints.txt | $(VENV)/.python
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.tools: $(VENV)/.program
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --group dev
	@touch $@
