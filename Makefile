# make run   serve the app on http://localhost:8501 (another port: make run PORT=8600)
# make https the same by https with a certificate of its own, for webcams in the local network
# make test  lint, format, types and every test
# make docs  the API reference, from the docstrings, in build/api
# make load  fifty visitors at once, and whether every target holds (other options: .venv/bin/python -m tests.load -h)
# make load-room  the same before ROOM processes behind nginx, one of which is killed in mid-rush
# make fuzz  mutated files through every parser (others: make fuzz SEED=2 FILES=100000), Linux
PYTHON ?= python3
PORT ?= 8501
FILES ?= 2000
SEED ?= 1
ROOM ?= 2
BIN := .venv/bin

# pip would compile on one processor. Packages bring templates that are no Python and do not compile: no error.
define install
@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile -r $(1)
@$(BIN)/python -m compileall -qq --workers 0 .venv/lib || true
endef

.PHONY: run https test suite docs load load-room lint fuzz clean
.DELETE_ON_ERROR:

run: .venv/installed
	$(BIN)/python -m dark_core serve --port $(PORT)

https: .venv/installed
	$(BIN)/python deploy/https.py --port $(PORT)

test: lint suite

suite: .venv/installed-test
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder # the order of files is that of tests/conftest.py

docs: .venv/installed
	$(call install,requirements-docs.txt)
	$(BIN)/python -m docs.build_api build/api

load: .venv/installed-test
	$(BIN)/python -m tests.load

load-room: .venv/installed-test
	$(BIN)/python -m tests.load --room $(ROOM) --rounds 1

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

fuzz: .venv/installed-test
	$(BIN)/python -m tests.fuzz --files $(FILES) --seed $(SEED)

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis build *.egg-info

# The stamps make a second run start at once; a changed requirements file installs again.
.venv/installed: requirements.txt | $(BIN)/python
	@echo "Installing into .venv, a few minutes the first time"
	$(call install,requirements.txt)
	@touch $@

.venv/installed-test: requirements-test.txt requirements-docs.txt .venv/installed
	$(call install,requirements-test.txt)
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed, for example: make run PYTHON=python3.12' if sys.version_info < (3, 11) else 0)"
	@$(PYTHON) -m venv .venv
