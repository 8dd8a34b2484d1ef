# `make help` lists what there is to make. Packages that are missing are installed first (apt).
SHELL := bash
MAKEFLAGS += --no-print-directory
PREFIX ?= /usr/local
SANITIZE ?=
LABEL ?=
TESTS ?=
preset := $(or $(SANITIZE),release)
deps := @cmake/scripts/deps
build := @cmake/scripts/build
peers := mlserver triton llama python_clients go_httpbin k6 websockets
chosen := $(if $(LABEL),-L '$(LABEL)') $(if $(TESTS),-R '$(TESTS)')
.DEFAULT_GOAL := help
.PHONY: demo test test-peers build lint format bench install clean deps help

demo: build ## set up, build, and load the built-in target for ten seconds
	@cmake/scripts/demo

test: ## build and run all tests but the big peers (SANITIZE=asan|tsan, LABEL=..., TESTS=regex)
	$(deps) build test
	$(build) $(preset) $(if $(LABEL),$(LABEL)_tests)
	@ctest --preset $(preset) -LE peers $(chosen)

test-peers: ## run the tests against the big real systems (MLServer, Triton, llama.cpp, ...), fetched once
	$(deps) build test peers
	$(build) $(preset)
	@for peer in $(peers); do tests/peers/$${peer}_setup >/dev/null || true & done; wait # outside the time limits
	@ctest --preset $(preset) -L peers $(if $(TESTS),-R '$(TESTS)')

build: ## build the program: build/perigee
	$(deps) build
	$(build) release perigee

lint: ## check the layout and the habits of C++ and Lua
	$(deps) build test lint
	$(build) release
	@cmake/scripts/lint

format: ## lay out all C++ as .clang-format says
	$(deps) lint
	@cmake/scripts/lint --fix

bench: build ## measure CPU per request and memory per VU beside wrk and k6
	@bench/run

install: build ## install the program, its Lua library and the scenarios (PREFIX=/usr/local)
	@cmake --install build --prefix '$(PREFIX)'

deps: ## install every package that building, testing and linting need
	$(deps) build test peers lint

clean: ## remove everything built
	@rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name text; do printf 'make %-11s %s\n' "$$name" "$$text"; done
