# Two commands from a fresh clone: `make run` and `make test`. `make help` lists all.
PYTHON  := $(shell command -v python3.11 || command -v python3)
BIN     := .venv/bin
PY      := $(BIN)/python
PORT    ?= 8000
SOURCES := portal citizens procedures notifications dossiers benchmarks tests manage.py
export PORT
.DEFAULT_GOAL := help
.PHONY: run test quick check fix lock sbom bench bench-all browsers faults storms reset screenshots help environment environment-dev chromium kannel clamd poppler softhsm openid

run: environment ## serve the portal with a demo population on http://127.0.0.1:8000 (PORT=… to change)
	@exec $(PY) manage.py run --tied

# Tests rewrite each assert; unless that is kept, every run compiles two hundred files anew.
test quick browsers faults storms: export PYTHONDONTWRITEBYTECODE :=

test: environment-dev chromium kannel clamd poppler softhsm openid ## the whole test suite on its own embedded servers, browser included
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

quick: environment-dev ## the loop of a developer: neither browser nor slow tests
	@$(PY) -m pytest -n 2 --dist worksteal -m "not browser and not slow" -q

check: environment-dev ## everything static, cheapest first
	@$(PY) -m tests.checks.run

fix: environment-dev ## format, and repair what can be repaired by itself
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/djlint --reformat --quiet templates

lock: environment-dev ## write requirements/*.txt anew from *.in
	@for group in base embedded forecast dev; do \
	  $(BIN)/uv pip compile requirements/$$group.in --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	    --output-file requirements/$$group.txt || exit 1; done

sbom: environment-dev ## write sbom.cdx.json: what the portal is built with, its hashes and licences
	@$(PY) -m tests.checks.sbom sbom.cdx.json

bench: environment-dev ## the scan against its limit at 1 M citizens (under 3 minutes)
	@$(PY) -m benchmarks.run

bench-all: environment-dev ## every figure; takes its time
	@$(PY) -m benchmarks.run --all

browsers: export PORTAL_BROWSERS := full
browsers: environment-dev chromium ## every journey in a real browser, in all eight combinations, and the whole demo day
	@$(PY) -m pytest -m browser

faults: environment-dev ## what must hold when something breaks (marker: fault)
	@$(PY) -m pytest -m fault

storms: export PORTAL_STORMS := full
storms: environment-dev ## thousands of messages, two hundred kills, a thousand presses, 300 looks: what runs on a sample otherwise
	@$(PY) -m pytest -s tests/storms tests/notifications/test_receipts.py tests/notifications/test_http_storm.py tests/dossiers/test_two_officers.py tests/dossiers/test_lock_order.py tests/procedures/detection/test_oracle.py tests/office/test_every_look.py tests/portal/test_leaks.py tests/api/test_schemathesis.py

screenshots: environment-dev chromium ## take the pictures of docs/screenshots anew, of a trial that runs
	@$(PY) -m tests.screenshots http://127.0.0.1:$(PORT)

reset: ## stop nothing, delete the trial's data: the next `make run` begins anew
	@$(PYTHON) -m portal.embedded reset

environment:
	@$(PYTHON) portal/bootstrap.py base embedded forecast

environment-dev:
	@$(PYTHON) portal/bootstrap.py base embedded forecast dev

chromium:
	@$(PY) -m tests.browser_binary

kannel:
	@$(PY) -m tests.peers.real_kannel

clamd:
	@$(PY) -m tests.peers.real_clamd

poppler:
	@$(PY) -m tests.peers.poppler

openid:
	@$(PY) -m tests.peers.real_openid

softhsm:
	@$(PY) -m tests.peers.softhsm

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
