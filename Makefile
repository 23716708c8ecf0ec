# Everything a new machine needs is Python 3.11 or later, make and apt: `make run` and `make test` set up the rest.
# A second call finds its stamp files in $(VENV) and starts at once.

PYTHON ?= python3
VENV ?= .venv
RAW ?= data/raw
PARSED ?= data/parsed
BIN := $(VENV)/bin
APT := $(shell [ "$$(id -u)" = 0 ] || echo sudo) env DEBIAN_FRONTEND=noninteractive apt-get
FONT := DejaVuSerif.ttf
# Liberation 2 has all Vietnamese letters, as wide as those of Times New Roman: pages break where they do on paper.
PROGRAMS := tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd libreoffice-writer libreoffice-calc fonts-liberation2

.DEFAULT_GOAL := help
.PHONY: programs browser help run test test-fast test-slow check fix golden samples docs times fonts clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: $(VENV)/.runtime  ## read the plans of data/raw into data/parsed and print what was found
	@$(BIN)/python -m flows.ingest $(RAW) $(PARSED)
	@printf '\nOne plan in full: %s\n' "$(BIN)/kehoach show $(RAW)/huyen_pctt_2023.pdf"

test: test-fast test-slow  ## all tests, the fast ones first

test-fast: $(VENV)/.dev fonts programs  ## tests without servers and many processes
	@$(BIN)/python -m pytest -m "not slow" -n auto --dist loadfile

test-slow: $(VENV)/.dev fonts programs browser  ## the others
	@$(BIN)/python -m pytest -m slow -n 2 --dist loadfile  # they wait for servers and clocks as much as they work

check: $(VENV)/.dev  ## lint, format and types, nothing is changed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy samples docs/generate.py

fix: $(VENV)/.dev  ## lint and format, repaired where a tool can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

golden: $(VENV)/.dev fonts  ## rewrite the gold of tests/cases from what is read now; read the diff
	@$(BIN)/python -m tests.golden
	@git --no-pager diff --stat -- tests/cases

samples: $(VENV)/.dev fonts  ## write data/raw from samples/plans
	@$(BIN)/python -m samples.make

docs: $(VENV)/.dev  ## write the generated pages, the picture and the outputs shown in the README
	@$(BIN)/python -m docs.generate
	@$(BIN)/python -m docs.notebooks.run

times:  ## measure the commands of the README on a clean clone and write them there
	@bash docs/times.sh

fonts:  # the PDFs of the samples and test cases are drawn with DejaVu Serif
	@find /usr/share/fonts -name $(FONT) 2>/dev/null | grep -q . || { $(APT) -q update && $(APT) -qy install fonts-dejavu-core; }

programs:  ## install what reads scans (tesseract) and old office files (LibreOffice); called, never linked
	@dpkg -s $(PROGRAMS) >/dev/null 2>&1 || { $(APT) -q update && $(APT) -qy install --no-install-recommends $(PROGRAMS); }

browser:  # the pages we write are tested in a real browser
	@dpkg -s chromium >/dev/null 2>&1 || { $(APT) -q update && $(APT) -qy install --no-install-recommends chromium; }

clean:  ## remove what can be made again
	rm -rf $(VENV) $(PARSED)/* .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("kehoach needs Python 3.11 or later, this is " + sys.version) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(APT) -q update && $(APT) -qy install python3-venv; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python pyproject.toml constraints.txt
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.runtime
