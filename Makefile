# Everything a person does with a clone of attest. `make help` lists it.
PYTHON  ?= python3
VENV    ?= .venv
BIN     := $(VENV)/bin
BACKEND ?= local
SEEDS   := $(wildcard seeds/*.json)
DOCUMENTS := $(wildcard ../shared/seeds/*.txt)
TEST_MODEL := smollm2-135m-instruct-q4_1
SMALL_MODELS := $(TEST_MODEL) qwen2.5-coder-0.5b-instruct-q4_k_m
EVALS    := out/evals
EVALUATE := $(BIN)/python -m evals
VERSIONS := extract_facts=v3 extract_facts=v2 repair_statement=v1 repair_statement=v2 repair_statement=v3 \
	same_fact=v1 same_fact=v2 same_fact=v3 write_summary=v2 write_summary=v3

.DEFAULT_GOAL := help
.PHONY: help run test check format bench bench-grounding bench-merge bench-group attacks audit voices asking eval eval-all serve schemas clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@echo "attest: creating the virtual environment $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "attest needs Python 3.11 or newer; run: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: $(BIN)/python pyproject.toml constraints.txt
	@echo "attest: installing pinned packages; llama-cpp-python is compiled here, which takes about 8 minutes the first time"
	@$(BIN)/pip install --progress-bar on -c constraints.txt -e .
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready
	@echo "attest: installing the test tools"
	@$(BIN)/pip install --progress-bar on -c constraints.txt -e ".[dev]"
	@touch $@

run: $(VENV)/.run-ready ## read the five seed articles, print the cited summary, write out/story.json
ifeq ($(BACKEND),local)
	@$(BIN)/attest models pull
else
	@$(BIN)/attest models pull en-core-web-sm
endif
	@$(BIN)/attest story $(SEEDS) --backend $(BACKEND) -o out/story.json
	@echo "attest: the whole story is in out/story.json"

test: $(VENV)/.dev-ready ## run all tests
	@$(BIN)/attest models pull $(TEST_MODEL) en-core-web-sm
	@$(BIN)/python -m pytest -q

check: $(VENV)/.dev-ready ## format, lint, types, import layers, schema drift
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m service.schemas --check

format: $(VENV)/.dev-ready ## format and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schemas: $(VENV)/.dev-ready ## write schemas/*.json from the models
	@$(BIN)/python -m service.schemas

bench: $(VENV)/.run-ready ## what the default model costs on this machine
	@$(BIN)/attest models pull
	@$(BIN)/python -m benchmarks.story

# LangExtract's requirements contradict the pins of attest, so it gets an environment of its own.
$(VENV)-bench/.ready: constraints-bench.txt
	@echo "attest: installing LangExtract beside attest, in $(VENV)-bench"
	@$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/pip install --progress-bar on -c constraints-bench.txt langextract
	@touch $@

bench-grounding: $(VENV)/.run-ready $(VENV)-bench/.ready ## how well the gate, and LangExtract, tell true from false
	@$(BIN)/attest models pull en-core-web-sm
	@$(BIN)/python -m benchmarks.grounding --langextract $(VENV)-bench/bin/python --write docs/grounding.md

bench-merge: $(VENV)/.run-ready ## what merging costs as facts grow, from 100 to 100,000
	@$(BIN)/attest models pull en-core-web-sm
	@$(BIN)/python -m benchmarks.merging

bench-group: $(VENV)/.run-ready ## how fast and how well 10,000 articles are sorted into events
	@$(BIN)/python -m benchmarks.grouping

audit: $(VENV)/.run-ready ## make stories and look for every number, date and name in its evidence
	@$(BIN)/attest models pull
	@$(BIN)/attest story $(SEEDS) -o out/audit-seeds.json
	@$(if $(DOCUMENTS),$(BIN)/attest story $(DOCUMENTS) -o out/audit-documents.json)
	@$(BIN)/python -m benchmarks.audit out/audit-seeds.json $(if $(DOCUMENTS),out/audit-documents.json)

attacks: $(VENV)/.run-ready ## let articles with planted instructions attack the default model
	@$(BIN)/attest models pull
	@$(BIN)/python -m benchmarks.attacks

voices: $(VENV)/.run-ready ## who says it and what kind of claim it is: code against models
	@$(BIN)/attest models pull qwen2.5-coder-0.5b-instruct-q4_k_m qwen2.5-coder-1.5b-instruct-q4_k_m en-core-web-sm
	@$(BIN)/python -m benchmarks.voices

asking: $(VENV)/.run-ready ## compare ways of asking and models on the seeds (tokens, drafts that pass, facts)
	@$(BIN)/attest models pull smollm2-135m-instruct-q4_1 qwen2.5-coder-0.5b-instruct-q4_k_m qwen2.5-coder-1.5b-instruct-q4_k_m en-core-web-sm
	@$(BIN)/python -m benchmarks.asking

eval: $(VENV)/.dev-ready ## score the floors, no model and the default model on the labelled dev events
	@$(BIN)/attest models pull
	@rm -rf $(addprefix $(EVALS)/,sentences cues none default)
	@for system in sentences cues; do $(EVALUATE) run --system $$system -o $(EVALS)/$$system || exit $$?; done
	@$(EVALUATE) run --backend none -o $(EVALS)/none
	@$(EVALUATE) run --replies $(EVALS)/replies.db -o $(EVALS)/default
	@$(EVALUATE) score $(addprefix $(EVALS)/,sentences cues none default)
	@$(EVALUATE) report $(addprefix $(EVALS)/,sentences cues none default) -o $(EVALS)/report.html
	@echo "attest: the report is in $(EVALS)/report.html"

# Half an hour, most of it extract_facts v2, which asks about whole windows; kept answers are not paid for again.
eval-all: eval ## the same with the two small models and every version of every prompt; writes docs/results.md
	@$(BIN)/attest models pull $(SMALL_MODELS)
	@rm -rf $(addprefix $(EVALS)/,$(SMALL_MODELS) $(subst =,-,$(VERSIONS)))
	@for model in $(SMALL_MODELS); do $(EVALUATE) run --replies $(EVALS)/replies.db --model $$model -o $(EVALS)/$$model || exit $$?; done
	@for v in $(VERSIONS); do $(EVALUATE) run --replies $(EVALS)/replies.db --prompt $$v -o $(EVALS)/$$(echo $$v | tr = -) || exit $$?; done
	@$(EVALUATE) score $(addprefix $(EVALS)/,$(SMALL_MODELS) $(subst =,-,$(VERSIONS)))
	@$(EVALUATE) results $(addprefix $(EVALS)/,sentences cues none $(SMALL_MODELS) default) --write docs/results.md
	@$(EVALUATE) results $(addprefix $(EVALS)/,none $(subst =,-,$(VERSIONS))) --against $(EVALS)/default --write docs/results.md

serve: $(VENV)/.run-ready ## serve the API and the page on http://127.0.0.1:8000
	@$(BIN)/attest models pull
	@$(BIN)/attest serve --backend $(BACKEND)

clean: ## remove what was built here (models stay)
	rm -rf $(VENV) $(VENV)-bench out .pytest_cache .mypy_cache .ruff_cache .hypothesis
