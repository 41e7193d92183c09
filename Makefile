# Two commands do everything: `make demo` and `make test`.
STUDY ?= demo

.PHONY: demo workbench test check docs install lock clean

demo: install ## run the demo corpus to a period report
	.venv/bin/havainto run --input corpora/jarvimaa/jarvimaa_webropol.xlsx --config configs/jarvimaa.toml --out $(STUDY)

workbench: demo ## open the demo in the browser, to code it
	.venv/bin/havainto workbench $(STUDY)

test: ## install what the tests need, and run them
	scripts/install dev
	scripts/test

check: ## format, lint, types and tests
	scripts/install dev
	scripts/check

docs: ## build the documentation into site/
	scripts/install dev
	scripts/docs

install: ## make .venv and see to Voikko
	scripts/install

lock: ## write the pinned requirements anew
	scripts/lock

clean: ## delete what the commands above made
	rm -rf .venv $(STUDY) .mypy_cache .pytest_cache .ruff_cache site
