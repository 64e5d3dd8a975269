# make run: the whole thing, set up where needed.   make test: every test and check.   make help: the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash

.PHONY: help setup run demo first-run train tune test test-fast lint bench widget audit fuzz faults widget-speed

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## both environments and the model, nothing started
	@bin/setup app rasa model

run: setup ## set up what is missing, start everything, say where it is
	@.venv/bin/aftercare run

demo: setup ## the same with made-up patients, in a folder of its own
	@.venv/bin/aftercare demo

first-run: ## clone this into a new folder, set it up, start it, and time the first reply (needs the network)
	@bin/first-run

train: ## train the model
	@bin/setup app rasa
	@.venv/bin/aftercare train

tune: ## tune the reader of messages anew on data/nlu (half an hour, PyTorch; then train)
	@bin/setup tune
	@.venv-tune/bin/python -m tuning

test: setup ## every test and check (the end-to-end ones start the real processes)
	@bin/setup dev
	@$(MAKE) --no-print-directory lint
	@.venv/bin/python -m pytest -n 2 --dist loadgroup

test-fast: ## the unit tests alone, in seconds
	@bin/setup app dev
	@.venv/bin/python -m pytest -q -n 2 -m "not e2e and not rasa and not browser and not integration" \
	  $(addprefix --ignore=tests/,commands console e2e telegram web widget)

lint: ## format, lint, types and the direction of imports
	@bin/setup app dev
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: setup ## measure us against stock Rasa and write docs/benchmarks.md (an hour or two, on a quiet machine)
	@bin/setup dev
	@.venv/bin/python -m benchmarks

audit: ## known weaknesses in what we use, and unsafe calls in our own code (needs the network)
	@bin/setup app dev
	@bin/audit

fuzz: ## throw odd inputs at everything that reads what others wrote (some minutes)
	@bin/setup app dev
	@nice -n 19 .venv/bin/python -m tests.security.fuzz
	@nice -n 19 .venv/bin/python -m pytest -q tests/security/test_odd_inputs.py --api-examples 300

faults: setup ## kill every process at random under load, 25 times, on SQLite and on PostgreSQL (half an hour)
	@bin/setup dev
	@FAULT_KILLS=25 nice -n 10 .venv/bin/python -m pytest -q -s tests/faults/test_random_kills.py

widget: ## build the widget after a change in widget/ (needs Node)
	@cd widget && npm ci --silent && npm run --silent build

widget-speed: ## how fast the chat opens and what it costs a page, measured (on a quiet machine)
	@bin/setup app dev
	@AFTERCARE_MEASURE=1 .venv/bin/python -m pytest -q -s tests/rubric/test_widget_speed.py
