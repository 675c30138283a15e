# Each of these does all of its own set-up; it needs Python 3.11 or newer, git and make, and the internet the first time.
# The work is in tools/setup.py. `make` alone lists what there is.

PYTHON ?= python3
PORT ?= 8000
MEMBERS ?=
ARGS ?=

SETUP = @command -v $(PYTHON) >/dev/null 2>&1 \
	|| { echo "Python is missing. On Debian or Ubuntu: sudo apt install python3 python3-venv" >&2; exit 1; }; \
	exec $(PYTHON) tools/setup.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test journeys requirements lint format messages bench lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Set up only
	$(SETUP)

demo: ## Serve the demonstration on 127.0.0.1:8000 (PORT=8001: another port; MEMBERS=10000: so large; ARGS=--fresh: anew)
	$(SETUP) demo --port $(PORT) $(if $(MEMBERS),--members $(MEMBERS)) $(ARGS)

test: ## Run all the tests; DATABASE_URL=postgres://… runs them on PostgreSQL; ARGS goes to pytest
	$(SETUP) run pytest -n auto $(ARGS)

journeys: ## Run the browser journeys only (they need Chromium)
	$(SETUP) run pytest -m browser -n 2 $(ARGS)

requirements: ## Run all the tests and write docs/requirements.md: which tests prove which requirement
	$(SETUP) run python tools/requirements.py $(ARGS)

lint: ## Check style, types, the layers, the Welsh and the migrations
	$(SETUP) run python tools/lint.py

format: ## Bring the code into style
	$(SETUP) run ruff format .

messages: ## Bring the Welsh catalogues up to date with the code, and compile them
	$(SETUP) run python tools/messages.py

bench: ## Measure the pages against two bare yardsticks (docs/performance.md)
	$(SETUP) run python benchmarks/web.py $(ARGS)

lock: ## Write requirements.lock and tools/uv.txt anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	$(SETUP) lock $(ARGS)

clean: ## Remove what the set-up made (the data in var/ stays)
	rm -rf .venv node_modules var/tools var/static src/levelground/ui/static/levelground/vendor
	rm -f src/levelground/ui/static/levelground/levelground.css
	find src -name '*.mo' -delete
