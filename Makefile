# Everything sets itself up: `make map` and `make test` need Python 3.11 to 3.13, make and the package registries.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
EXAMPLE := data/examples/isis-2014-2019
NODE_DATA := node_modules
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help map test browsers lint format eval bench faults fuzz mutate gazetteer lowest audit findings docs dist clean

help:  ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# The newest supported Python that is there and works (a version manager's shim may exist and fail).
$(VENV)/.made:
	@for p in python3.13 python3.12 python3.11 python3 python; do \
	  if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then found=$$p; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "mapper needs Python 3.11, 3.12 or 3.13 (with venv): none found on PATH" >&2; exit 1; fi; \
	echo "setting up $(VENV) with $$($$found --version)"; \
	$$found -m venv $(VENV) && touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml
	@echo "installing mapper (a minute the first time)"
	@$(PY) -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml
	@echo "installing mapper and its development tools (a minute or two the first time)"
	@$(PY) -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.run

# axe-core (accessibility rules for the browser tests) and the sources of the basemap
$(NODE_DATA)/.made: package.json
	@if command -v npm >/dev/null 2>&1; then npm install --silent --no-audit --no-fund --no-package-lock && touch $@; \
	else echo "npm not found: the accessibility test and make gazetteer need it" >&2; mkdir -p $(NODE_DATA); fi

map: $(VENV)/.run  ## Set up, then make two maps in outputs/: the flagship from its table, a war from its articles alone
	@mkdir -p outputs
	$(VENV)/bin/mapper map $(EXAMPLE)/claims.csv --config $(EXAMPLE)/mapper.toml -o outputs/isis-2014-2019.html
	$(VENV)/bin/mapper map data/examples/sudan-2023-2025/articles -o outputs/sudan-2023-2025.html

test: $(VENV)/.dev $(NODE_DATA)/.made  ## Set up (browser too), then run every test
	@sh .ci/browser
	$(PY) -m pytest -n 2 --dist loadfile

browsers: map $(NODE_DATA)/.made  ## The page in Firefox and in WebKit (Safari's engine), where they are installed
	@npm install --silent --no-audit --no-fund --no-package-lock --no-save --ignore-scripts puppeteer-core@24
	node tests/web/browsers.mjs outputs/isis-2014-2019.html

lint: $(VENV)/.dev  ## ruff, ruff format, mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(VENV)/.dev  ## Let ruff mend what it can
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

EVALS := $(sort $(filter-out batches,$(patsubst tests/evals/%.py,%,$(wildcard tests/evals/*.py))))
eval: $(VENV)/.dev  ## Quality: every score with its floor; EVALS="claims dates reading" takes half a minute
	@for f in $(EVALS); do $(PY) tests/evals/$$f.py || failed=1; done; [ -z "$$failed" ]

bench: $(VENV)/.dev  ## Speed: every figure the documentation quotes
	@sh .ci/browser
	@if command -v npm >/dev/null 2>&1; then npm install --prefix tests/bench --silent --no-audit --no-fund --no-package-lock --ignore-scripts; fi
	@for f in tests/bench/*.py; do $(PY) $$f $$([ -d tests/bench/node_modules ] && [ "$$f" = tests/bench/page.py ] && echo --folium) || failed=1; done; [ -z "$$failed" ]

faults: $(VENV)/.dev  ## Signals, kills, full disks, damaged caches, closed pipes, limits, outputs that are inputs: some 500 cases
	$(PY) -m pytest -n 2 tests/test_faults.py tests/faults/suite.py

SECONDS_EACH := 60
fuzz: $(VENV)/.dev  ## Random input into every door for SECONDS_EACH=60 seconds each, then twenty kills
	$(PY) tests/fuzz/fuzz.py $(SECONDS_EACH)
	$(PY) tests/fuzz/kills.py

mutate: $(VENV)/.dev  ## How many of 200 small changes of meaning the tests notice (some twenty minutes)
	$(PY) tests/mutate/run.py

gazetteer: $(VENV)/.dev $(NODE_DATA)/.made  ## Rebuild the bundled data from its sources
	$(PY) data/basemap/build.py $(NODE_DATA)
	$(PY) data/gazetteer/build.py $(NODE_DATA)

lowest: $(VENV)/.dev  ## Every test with the lowest versions that pyproject.toml allows
	$(PY) -m pip install --quiet --disable-pip-version-check uv
	$(PY) -m uv venv --quiet --clear --python $(PY) $(VENV)/lowest
	$(PY) -m uv pip install --quiet --python $(VENV)/lowest/bin/python --resolution lowest-direct -e '.[dev]'
	$(VENV)/lowest/bin/python -m pytest -n 2 --dist loadfile

audit: $(VENV)/.dev  ## Known faults of the installed dependencies (asks PyPI)
	$(PY) -m pip install --quiet --disable-pip-version-check pip-audit
	$(PY) -m pip_audit --local --skip-editable

findings:  ## Surprises in other people's software: do they still hold? (installs packages, outside CI)
	@findings/run

docs: $(VENV)/.dev  ## The documentation site, in outputs/site/
	$(PY) docs/generate.py
	$(VENV)/bin/mkdocs build --strict --quiet

dist: $(VENV)/.dev  ## Wheel and sdist
	$(PY) -m pip install --quiet build && $(PY) -m build

clean:  ## Remove what make made
	rm -rf $(VENV) $(NODE_DATA) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
