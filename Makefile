# make run   serve the app on http://localhost:8501 (another port: make run PORT=8600)
# make test  lint and every test
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

.PHONY: run test lint clean
.DELETE_ON_ERROR:

run: .venv/installed
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint
	$(BIN)/python -m pytest

lint: .venv/installed-test
	$(BIN)/ruff check .

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build *.egg-info

# The stamps make a second run start at once; a changed requirements file installs again.
.venv/installed: requirements.txt | $(BIN)/python
	@echo "Installing into .venv, a few minutes the first time"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-test: requirements-test.txt .venv/installed
	@$(PIP) -r requirements-test.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed, for example: make run PYTHON=python3.12' if sys.version_info < (3, 11) else 0)"
	@$(PYTHON) -m venv .venv
