# On Debian or Ubuntu with Python 3.11 or newer the targets install what they need: start with `make demo` or `make test`.
# PYTHON=python3.12 selects another Python than the newest. ARGS="--once" passes arguments to the command of a target.
# CLUSTER=1 also installs the packages for many processes on one PostgreSQL, TRACING=1 those for traces.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo serve sandbox test test-homes crash bench vendor check audit format lock languages docs screenshots clean installed installed-dev
SHELL := /bin/bash
export PYTHON
unexport PYTHONDONTWRITEBYTECODE  # else each of the many processes that tests start would compile the program again

ZOOM_OPS := .venv/bin/zoom-ops
EXTRAS := $(if $(CLUSTER),requirements-cluster.txt) $(if $(TRACING),requirements-tracing.txt)
COMPILE := .venv/bin/uv pip compile --system-certs --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: installed ## Watch an announcement become a webinar and its recording appear on the event page (ARGS=--once)
	@$(ZOOM_OPS) demo $(ARGS)

serve: installed ## Run the daemon with the settings of the environment and config/settings.toml
	@$(ZOOM_OPS) serve $(ARGS)

sandbox: installed ## Run the practice Zoom alone
	@$(ZOOM_OPS) sandbox $(ARGS)

test: installed-dev ## Run all but the long tests, on SQLite, a private PostgreSQL and in Chromium (ARGS="-k name", ARGS=--long)
	@.venv/bin/python -m tests.setup.machine
	.venv/bin/python -m pytest --complete --numprocesses auto --maxschedchunk 2 $(ARGS)

test-homes: installed-dev ## Run the tests of the homes of event records on a real Indico, WordPress, pretalx, Wagtail, Radicale and Kinto
	@.venv/bin/python -m tests.setup.machine
	.venv/bin/python -m tests.homes.systems install
	.venv/bin/python -m pytest --complete --homes $(if $(findstring tests/,$(ARGS)),,tests/homes) $(ARGS)

bench: installed-dev ## Measure the promised figures, and print one table: some 20 minutes (ARGS="--only page", ARGS=--write)
	@.venv/bin/python -m tests.setup.machine
	@command -v ab >/dev/null || tests/setup/apt apache2-utils
	@.venv/bin/python -m tests.bench $(ARGS)

crash: installed-dev ## Kill, freeze and starve the daemon: about an hour (make test does a part)
	@.venv/bin/python -m tests.setup.machine
	.venv/bin/python -m pytest --complete --long --numprocesses 4 -m "crash or examples or (long and not second_database)" $(ARGS)

check: installed-dev ## Check style, types, floors and docs, within a minute
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m pytest --quiet tests/docs

audit: installed-dev ## Check pinned packages for known vulnerabilities; says so if no advisory source can be reached
	@.venv/bin/python -m tests.setup.audit

format: installed-dev ## Fix the findings of the style check
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

lock: installed-dev ## Pin the newest versions that requirements*.in allow (ARGS=--upgrade), with their hashes
	$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	$(COMPILE) $(ARGS) requirements-cluster.in -c requirements.txt -o requirements-cluster.txt
	$(COMPILE) $(ARGS) requirements-tracing.in -c requirements-cluster.txt -o requirements-tracing.txt
	$(COMPILE) $(ARGS) requirements-dev.in -c requirements-cluster.txt -c requirements-tracing.txt -o requirements-dev.txt
	$(COMPILE) $(ARGS) requirements-build.in -c requirements-dev.txt -o requirements-build.txt
	$(COMPILE) $(ARGS) requirements-clients.in -o requirements-clients.txt

docs: installed-dev ## Write the pages and tables of the documentation that are printed from the code
	@for each in api configuration headers maxima messages schema; do .venv/bin/python -m tests.docs.write_$$each; done

languages: installed-dev ## Update the languages' catalogs from the pages, and list missing translations
	@.venv/bin/python -m tests.languages

vendor: ## Fetch the scripts of other projects again (htmx, its extension for server-sent events, Swagger UI)
	@tests/setup/vendor

screenshots: installed-dev ## Take the pictures of the documentation again, of every page in every state
	@.venv/bin/python -m tests.setup.machine
	.venv/bin/python -m tests.pictures

clean: ## Remove the virtual environment and everything built or cached, but not var/ with its database
	rm -rf .venv build dist *.egg-info .*_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

installed: ## Install the service into .venv and start nothing (CLUSTER=1: with the packages for many processes; TRACING=1: for traces)
	@tests/setup/venv $(or $(strip $(EXTRAS)),requirements.txt)

installed-dev:
	@tests/setup/venv requirements-dev.txt
